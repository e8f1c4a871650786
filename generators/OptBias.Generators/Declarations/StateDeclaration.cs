using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>How an optimizer keeps what it remembers, as <c>[State]</c> says.</summary>
/// <param name="Precision">The type of the state.</param>
/// <param name="StochasticRounding">Whether bfloat16 is rounded by chance.</param>
/// <param name="MasterWeights">Whether narrow parameters have a copy in float32.</param>
/// <param name="Seed">The seed of the chance.</param>
internal sealed record StateDeclaration(StatePrecision Precision, bool StochasticRounding, bool MasterWeights, int Seed)
{
    /// <summary>The attribute's full name.</summary>
    public const string Attribute = "OptBias.StateAttribute";

    /// <summary>The attribute's name in a declaration.</summary>
    public const string Kind = "State";

    /// <summary>What holds without the attribute.</summary>
    public static readonly StateDeclaration Default = new(StatePrecision.Arithmetic, false, false, 0);

    /// <summary>Reads the attribute of a class, and reports what is wrong with it.</summary>
    public static StateDeclaration Read(INamedTypeSymbol type, bool isComposite, ClassScope scope)
    {
        var report = scope.Report;
        if (type.AttributesOf(Attribute).FirstOrDefault() is not { } attribute)
            return Default;
        var reading = new AttributeReading(attribute);
        report.Location = reading.Location;
        scope.IsBroken |= reading.IsBroken;
        var state = Read(reading);
        if (isComposite)
            report.Report(Descriptors.StateOfComposite, type.Name);
        foreach (var (option, value, allowed) in reading.Undefined)
            report.Report(Descriptors.UndefinedOption, Kind, option, value, allowed);
        if (state is { StochasticRounding: true, MasterWeights: true, Precision: StatePrecision.Arithmetic } && reading.Undefined.Count == 0)
        {
            report.Report(
                Descriptors.ContradictoryOptions, Kind, nameof(StochasticRounding), nameof(MasterWeights),
                "nothing is left that would be rounded by chance, since parameters are rounded from their masters and state is not narrow; leave one out, or set Precision");
        }

        return state;
    }

    /// <summary>What an attribute says, right or wrong.</summary>
    public static StateDeclaration Read(AttributeReading reading) => new(
        reading.Choice<StatePrecision>(nameof(Precision)),
        reading.Flag(nameof(StochasticRounding)),
        reading.Flag(nameof(MasterWeights)),
        reading.Integer(nameof(Seed), 0));
}
