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

    /// <summary>
    /// A hash of what the generated code does, 32 hexadecimal digits, the same on every machine. It changes with the rules and
    /// their order, with settings of stages (<c>MaxDimension</c>, <c>Root</c>, <c>Asynchronous</c>), with <see cref="StateAttribute"/>,
    /// with the bodies of the class's methods, and with the names of hyperparameters and state. It does not change with the class's
    /// name, with comments and whitespace, with the order of what is equal in either order, nor with defaults of hyperparameters: those are
    /// values, which a run and a checkpoint record by name.
    /// </summary>
    public string Fingerprint => this.Plan.Fingerprint;

    /// <summary>What a step costs.</summary>
    public required UpdateCost Cost { get; init; }

    /// <summary>What the declaration fixes of the optimizer's bias, one answer for each rule.</summary>
    public OptimizerBias Bias { get; init; } = new(Rules: []);
}
