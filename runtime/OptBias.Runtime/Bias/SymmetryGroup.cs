namespace OptBias;

/// <summary>The largest group of maps that a rule cannot see, from small to large.</summary>
public enum SymmetryGroup
{
    /// <summary>Of one of the maps the declaration does not say whether the rule sees it.</summary>
    Unknown,

    /// <summary>The rule sees all of them.</summary>
    None,

    /// <summary>Changes of sign.</summary>
    SignChanges,

    /// <summary>Permutations.</summary>
    Permutations,

    /// <summary>Permutations with changes of sign.</summary>
    SignedPermutations,

    /// <summary>All orthogonal maps: rotations and reflections, permutations and changes of sign among them.</summary>
    Rotations,
}
