using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>What reading one class yields: the declaration, if the class can carry one, and what is wrong with it.</summary>
internal sealed record Reading(OptimizerDeclaration? Declaration, EquatableArray<DiagnosticInfo> Diagnostics)
{
    /// <summary>The reading of what is no declaration.</summary>
    public static readonly Reading Nothing = new(null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>Whether code can be generated: no error among the diagnostics.</summary>
    public bool IsClean => this.Declaration is not null && !this.Diagnostics.Any(d => d.IsError);

    /// <summary>Whether a second part of the class would compile at all.</summary>
    public bool CanBeExtended => !this.Diagnostics.Any(d => d.Id is "OB0001" or "OB0002" or "OB0003" or "OB0004");
}
