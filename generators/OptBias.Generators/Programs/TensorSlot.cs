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

/// <summary>Whether a tensor holds one value per element, row or column. Rows and columns are the last two dimensions of the parameter; a vector is one row.</summary>
internal enum TensorExtent
{
    /// <summary>Each element of the parameter.</summary>
    Element,

    /// <summary>Each row.</summary>
    Row,

    /// <summary>Each column.</summary>
    Column,
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
