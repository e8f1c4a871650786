namespace OptBias;

/// <summary>The symmetries of a rule on a matrix G.</summary>
/// <param name="Elements">Maps of the whole tensor as one vector: <c>vec(G) → Q vec(G)</c>.</param>
/// <param name="Rows">Maps of the rows: <c>G → Q G</c>.</param>
/// <param name="Columns">Maps of the columns: <c>G → G Qᵀ</c>.</param>
public sealed record Symmetries(AxisSymmetry Elements, AxisSymmetry Rows, AxisSymmetry Columns)
{
    /// <summary>All of them, as of gradient descent.</summary>
    public static readonly Symmetries All = new(AxisSymmetry.All, AxisSymmetry.All, AxisSymmetry.All);

    /// <summary>The maps in words: <c>rotations of rows and columns</c>.</summary>
    public override string ToString()
    {
        if (this.Elements.Group == SymmetryGroup.Rotations)
            return "rotations of the whole tensor";
        var parts = new List<string>();
        if (this.Elements.Group > SymmetryGroup.None)
            parts.Add($"{Words(this.Elements.Group)} of elements");
        var (rows, columns) = (this.Rows.Group > this.Elements.Group, this.Columns.Group > this.Elements.Group);
        if (rows && columns && this.Rows.Group == this.Columns.Group)
            parts.Add($"{Words(this.Rows.Group)} of rows and columns");
        else if (rows || columns)
            parts.AddRange(new[] { rows ? $"{Words(this.Rows.Group)} of rows" : "", columns ? $"{Words(this.Columns.Group)} of columns" : "" }.Where(part => part.Length > 0));
        if (new[] { this.Elements, this.Rows, this.Columns }.Any(axis => axis.Group == SymmetryGroup.Unknown))
            parts.Add("the rest is not known");
        return parts.Count == 0 ? "none" : string.Join("; ", parts);
    }

    private static string Words(SymmetryGroup group) => group switch
    {
        SymmetryGroup.SignChanges => "changes of sign",
        SymmetryGroup.Permutations => "permutations",
        SymmetryGroup.SignedPermutations => "signed permutations",
        _ => "rotations",
    };
}
