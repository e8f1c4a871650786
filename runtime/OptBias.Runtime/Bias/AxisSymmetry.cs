namespace OptBias;

/// <summary>
/// Which orthogonal maps along one axis a rule cannot see: start and gradients are mapped, and all that happens is mapped with
/// them.
/// </summary>
/// <param name="OfSigns">Changes of sign.</param>
/// <param name="OfPermutations">Permutations.</param>
/// <param name="OfRotations">All orthogonal maps.</param>
public readonly record struct AxisSymmetry(Answer OfSigns, Answer OfPermutations, Answer OfRotations)
{
    /// <summary>All maps.</summary>
    public static readonly AxisSymmetry All = new(Answer.Yes, Answer.Yes, Answer.Yes);

    /// <summary>Permutations with changes of sign, and no rotation.</summary>
    public static readonly AxisSymmetry SignedPermutations = new(Answer.Yes, Answer.Yes, Answer.No);

    /// <summary>Permutations alone.</summary>
    public static readonly AxisSymmetry Permutations = new(Answer.No, Answer.Yes, Answer.No);

    /// <summary>Changes of sign alone.</summary>
    public static readonly AxisSymmetry SignChanges = new(Answer.Yes, Answer.No, Answer.No);

    /// <summary>No map.</summary>
    public static readonly AxisSymmetry None = new(Answer.No, Answer.No, Answer.No);

    /// <summary>The largest group of which it is known that the rule cannot see it; <see cref="SymmetryGroup.Unknown"/> where a larger one is in doubt.</summary>
    public SymmetryGroup Group => this switch
    {
        { OfRotations: Answer.Yes } => SymmetryGroup.Rotations,
        { OfSigns: Answer.Unknown } or { OfPermutations: Answer.Unknown } or { OfRotations: Answer.Unknown } => SymmetryGroup.Unknown,
        { OfSigns: Answer.Yes, OfPermutations: Answer.Yes } => SymmetryGroup.SignedPermutations,
        { OfPermutations: Answer.Yes } => SymmetryGroup.Permutations,
        { OfSigns: Answer.Yes } => SymmetryGroup.SignChanges,
        _ => SymmetryGroup.None,
    };
}
