using OptBias.Kernels;
using TorchSharp.Modules;

namespace OptBias;

/// <summary>What a declaration yields besides the optimizer itself. Every generated class has one, as its static <c>Descriptor</c>.</summary>
public sealed record OptimizerDescriptor
{
    /// <summary>The class name: <c>AdamW</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The generated class.</summary>
    public required Type Type { get; init; }

    /// <summary>The hyperparameters in the order of the constructor, <c>lr</c> first.</summary>
    public required IReadOnlyList<Hyperparameter> Hyperparameters { get; init; }

    /// <summary>
    /// Makes the optimizer. Hyperparameters that are not named keep their default; an unknown name is an
    /// <see cref="ArgumentException"/> that lists the known ones.
    /// </summary>
    public required Func<IEnumerable<Parameter>, IReadOnlyDictionary<string, double>, DeclaredOptimizer> Create { get; init; }

    /// <summary>The update rule as LaTeX, one equation a line.</summary>
    public required string Equations { get; init; }

    /// <summary>The update rule in Unicode, one equation a line: what the class's documentation shows.</summary>
    public string Formulas { get; init; } = "";

    /// <summary>What a step does.</summary>
    public required UpdatePlan Plan { get; init; }

    /// <summary>What a step costs.</summary>
    public required UpdateCost Cost { get; init; }
}
