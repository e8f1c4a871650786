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

/// <summary>A tensor with one element for each element of the parameter.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Name">Its name in state dicts and messages: <c>momentum</c>.</param>
/// <param name="Symbol">Its symbol in equations and code.</param>
internal sealed record TensorSlot(TensorRole Role, string Name, Symbol Symbol)
{
    public static readonly TensorSlot Parameter = new(TensorRole.Parameter, "parameter", new("theta", "θ", "\\theta"));

    public static readonly TensorSlot Gradient = new(TensorRole.Gradient, "gradient", Symbol.Plain("g"));
}
