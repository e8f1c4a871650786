using OptBias.Generators.Declarations;

namespace OptBias.Generators.Bias;

/// <summary>What a program fixes of its optimizer's bias: what the runtime's <c>RuleBias</c> will say.</summary>
internal sealed record DerivedBias
{
    public required Answer HasDegree { get; init; }

    public required double Degree { get; init; }

    public required Answer SeesNoUnits { get; init; }

    public required SymmetryAnswers Symmetries { get; init; }

    public SymmetryAnswers? Direction { get; init; }

    public SymmetryAnswers? Length { get; init; }

    public required Answer SeesNoOrigin { get; init; }

    public required Answer KeepsSigns { get; init; }

    public required StepSize Step { get; init; }

    public int? LargestSide { get; init; }

    /// <summary>Hyperparameters that are taken in their limit zero.</summary>
    public required EquatableArray<string> JudgedAtZero { get; init; }

    /// <summary>Properties, and the hyperparameters that break them where they are not zero.</summary>
    public EquatableArray<BiasNote> Limits { get; init; }

    /// <summary>Properties that do not hold, and why.</summary>
    public EquatableArray<BiasNote> Reasons { get; init; }
}

/// <summary>A property by its name, and what is to be said of it.</summary>
internal sealed record BiasNote(string Property, string Text);

/// <summary>The answers for signs, permutations and rotations of elements, rows and columns, in this order.</summary>
internal sealed record SymmetryAnswers(IReadOnlyList<Answer> Answers)
{
    /// <summary>The names of the properties, as the runtime has them.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "elements.signs", "elements.permutations", "elements.rotations",
        "rows.signs", "rows.permutations", "rows.rotations",
        "columns.signs", "columns.permutations", "columns.rotations",
    ];
}
