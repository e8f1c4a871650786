using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// A stage that works on whole matrices (factor update, root, product) through the runtime's linear algebra. Its operands
/// are the signal and the gradient; what it does with them is text that each notation prints as it stands.
/// </summary>
internal sealed record MatrixStage
{
    /// <summary>Place among the program's matrix stages.</summary>
    public required int Index { get; init; }

    /// <summary>Name of its state in state dicts: <c>kronecker</c>.</summary>
    public required string Name { get; init; }

    /// <summary>C# that makes the state of one parameter; <c>parameter</c> is the parameter, <c>name</c> what to call it in messages.</summary>
    public required string Create { get; init; }

    /// <summary>
    /// C# that carries the stage out; <c>state</c>, <c>input</c>, <c>gradient</c>, <c>output</c>, <c>t</c> are in reach, and
    /// the hyperparameters under their symbols.
    /// </summary>
    public required string Apply { get; init; }

    /// <summary>Whether the result is linear in the signal.</summary>
    public required bool IsLinear { get; init; }

    /// <summary>The hyperparameters that <see cref="Apply"/> names.</summary>
    public required EquatableArray<string> Hyperparameters { get; init; }

    /// <summary>Equations of the statistics that it keeps, one a line: Unicode and LaTeX.</summary>
    public required EquatableArray<Formula> Equations { get; init; }

    /// <summary>The result in terms of the input's formula, which takes the place of <c>{0}</c>.</summary>
    public required Formula Result { get; init; }
}

/// <summary>A formula in the two notations that people read.</summary>
internal sealed record Formula(string Unicode, string Latex);
