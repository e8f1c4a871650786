using OptBias.Generators.Bias;

namespace OptBias.Generators.Programs;

/// <summary>
/// What a matrix stage does to the properties of its operands, as the stage itself declares it beside its text. The analysis of an
/// optimizer's bias knows no stage but by this. All of it is said of a matrix that is not cut into blocks.
/// </summary>
internal sealed record MatrixBehaviour
{
    /// <summary>Of a stage that hands its signal on as it is.</summary>
    public static readonly MatrixBehaviour Identity = new()
    {
        InputDegree = 1,
        ReadsOther = false,
        Elements = Maps.Rotations,
        Rows = Maps.Rotations,
        Columns = Maps.Rotations,
        Why = "nothing happens to it",
    };

    /// <summary>How often the degree of the signal enters the result's.</summary>
    public double InputDegree { get; init; }

    /// <summary>How often the degree of the other operand enters the result's.</summary>
    public double OtherDegree { get; init; }

    /// <summary>Why the result has no degree, whatever the operands have; null if it has one.</summary>
    public string? WhyNoDegree { get; init; }

    /// <summary>Which maps of single elements of its operands are the same maps of the result.</summary>
    public required Maps Elements { get; init; }

    /// <summary>Which maps of rows are.</summary>
    public required Maps Rows { get; init; }

    /// <summary>Which maps of columns are.</summary>
    public required Maps Columns { get; init; }

    /// <summary>The axis along which its elements are added up; null if it is no sum.</summary>
    public Axis? Sums { get; init; }

    /// <summary>Why it sees the other maps: what it does to elements, rows or columns.</summary>
    public required string Why { get; init; }

    /// <summary>Whether the other operand has a part in the result of a matrix that is not cut into blocks.</summary>
    public bool ReadsOther { get; init; } = true;

    /// <summary>Whether changes of sign leave the result as it is, instead of changing its sign.</summary>
    public bool IsEven { get; init; }

    /// <summary>Whether it leads into coordinates that turn with the gradient, or out of them.</summary>
    public Frame Frame { get; init; }

    /// <summary>A hyperparameter of its text that is added to what has a degree, and breaks it where it is not zero; null if there is none.</summary>
    public string? Ridge { get; init; }

    /// <summary>Largest side of a matrix that is not cut into blocks; null if it cuts nothing.</summary>
    public int? LargestSide { get; init; }

    /// <summary>The norm in which the result is bounded, whatever the operands are.</summary>
    public StepNorm Norm { get; init; }

    /// <summary>The bound in that norm.</summary>
    public double Bound { get; init; }

    /// <summary>Whether it picks the largest of something, and the first where several are the largest.</summary>
    public bool PicksOne { get; init; }

    /// <summary>Whether a positive factor of the signal changes nothing.</summary>
    public bool ForgetsLength { get; init; }
}

/// <summary>Kinds of orthogonal maps along one axis; rotations are all of them.</summary>
[Flags]
internal enum Maps
{
    None = 0,
    Signs = 1,
    Permutations = 2,
    SignedPermutations = Signs | Permutations,
    Rotations = 4 | SignedPermutations,
}

/// <summary>What a matrix stage does to the coordinates.</summary>
internal enum Frame
{
    /// <summary>The result is in the coordinates of the signal.</summary>
    Kept,

    /// <summary>Into coordinates that turn with the rows and columns of the gradient: there nothing is seen of a turn but changes of sign.</summary>
    Entered,

    /// <summary>Out of them.</summary>
    Left,
}
