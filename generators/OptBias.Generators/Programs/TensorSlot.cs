using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>What a tensor of a program is.</summary>
internal enum TensorRole
{
    /// <summary>The parameter θ.</summary>
    Parameter,

    /// <summary>The gradient of the loss by θ.</summary>
    Gradient,

    /// <summary>State that is kept from step to step, zero at the start.</summary>
    State,

    /// <summary>Workspace within one step: the input or the result of a matrix stage.</summary>
    Workspace,
}

/// <summary>Whether a tensor holds one value per element, row or column; as the runtime's enumeration of that name.</summary>
internal enum TensorExtent
{
    /// <summary>Each element of the parameter.</summary>
    Element,

    /// <summary>Each row of the last two dimensions; a vector is one row.</summary>
    Row,

    /// <summary>Each column of the last two dimensions.</summary>
    Column,

    /// <summary>Each row of the matrix [first dimension, all others]; a vector is one row.</summary>
    MatrixRow,

    /// <summary>Each column of that matrix.</summary>
    MatrixColumn,
}

internal static class TensorExtents
{
    /// <summary>Whether elements of a row share a value.</summary>
    public static bool IsOfRows(this TensorExtent extent) => extent is TensorExtent.Row or TensorExtent.MatrixRow;

    /// <summary>Whether rows and columns are those of the matrix [first dimension, all others].</summary>
    public static bool IsOfWholeMatrix(this TensorExtent extent) => extent is TensorExtent.MatrixRow or TensorExtent.MatrixColumn;
}

/// <summary>A tensor of a program.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Name">Its name in state dicts and messages: <c>momentum</c>.</param>
/// <param name="Symbol">Its symbol in equations and code.</param>
/// <param name="Extent">Whether it holds one value per element, row or column.</param>
internal sealed record TensorSlot(TensorRole Role, string Name, Symbol Symbol, TensorExtent Extent = TensorExtent.Element)
{
    public static readonly TensorSlot Parameter = new(TensorRole.Parameter, "parameter", new("theta", "θ", "\\theta"));

    public static readonly TensorSlot Gradient = new(TensorRole.Gradient, "gradient", Symbol.Plain("g"));

    /// <summary>Of the name alone, which hardly another has.</summary>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(this.Name);
}
