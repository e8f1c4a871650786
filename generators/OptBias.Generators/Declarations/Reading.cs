using OptBias.Generators.Diagnostics;
using OptBias.Generators.Lowering;

namespace OptBias.Generators.Declarations;

/// <summary>What reading one class yields: the declaration, if the class can carry one, and what is wrong with it.</summary>
internal sealed record Reading(OptimizerDeclaration? Declaration, EquatableArray<DiagnosticInfo> Diagnostics)
{
    /// <summary>The reading of what is no declaration.</summary>
    public static readonly Reading Nothing = new(null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>Whether an attribute does not compile: the compiler says so, and what was read of it means nothing.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Where a rotation stands that has stages above it; null if there is none.</summary>
    public LocationInfo? RotationPlace { get; init; }

    /// <summary>What a second part of the class begins with; null where there can be none.</summary>
    public string? Header { get; init; }

    /// <summary>Whether code can be generated: no error among the diagnostics.</summary>
    public bool IsClean => this.Declaration is not null && !this.IsBroken && !this.Errors.Any();

    /// <summary>What makes an optimizer impossible.</summary>
    public IEnumerable<DiagnosticInfo> Errors => this.Diagnostics.Where(d => d.IsError);

    /// <summary>The same without places in the source: the text that is written does not depend on them.</summary>
    public Reading WithoutPlaces() => this.Diagnostics.Count == 0 && this.RotationPlace is null
        ? this
        : this with { Diagnostics = this.Errors.Select(d => d with { Location = null }).ToEquatableArray(), RotationPlace = null };

    /// <summary>The same with what only the lowered program can tell: whether what stands above a rotation turns with it.</summary>
    public Reading Checked()
    {
        if (this.RotationPlace is null || !this.IsClean)
            return this;
        var stages = this.Declaration!.Stages;
        var rotation = Turning.RotationAmong(stages);
        return Turning.FirstThatDoesNot(this.Declaration, rotation) is { } above
            ? this with
            {
                Diagnostics = this.Diagnostics
                    .Append(new DiagnosticInfo(Descriptors.CoordinateChangeAfterStage.Id, this.RotationPlace, new[] { stages[rotation].Kind, above.Kind }.ToEquatableArray()))
                    .ToEquatableArray(),
            }
            : this;
    }
}
