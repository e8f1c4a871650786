using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using OptBias.LinearAlgebra;

namespace OptBias.Kernels;

/// <summary>
/// What a step of one optimizer does, in order: the generated class's constant part. Tensors of a parameter are numbered:
/// 0 is θ, 1 is g, then the state, then the workspaces.
/// </summary>
public sealed class UpdatePlan
{
    /// <summary>Number of θ among a parameter's tensors.</summary>
    public const int ParameterTensor = 0;

    /// <summary>Number of g among a parameter's tensors.</summary>
    public const int GradientTensor = 1;

    /// <summary>Number of the first tensor of state.</summary>
    public const int FirstState = 2;

    /// <summary>The optimizer's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>A hash of what a step does; see <see cref="OptimizerDescriptor.Fingerprint"/>. That of a composite is made from its routes'.</summary>
    public string Fingerprint
    {
        get => field ??= RouteFingerprint.Of(this.Routes, this.Hyperparameters);
        init;
    }

    /// <summary>The passes as CUDA C, one kernel each, to be compiled after the runtime's <c>Cuda/Prelude.cu</c>; null if there is no pass.</summary>
    public string? Cuda { get; init; }

    /// <summary>The hyperparameters, <c>lr</c> first.</summary>
    public required IReadOnlyList<Hyperparameter> Hyperparameters { get; init; }

    /// <summary>How state and parameters are kept.</summary>
    public StateStorage Storage { get; init; } = StateStorage.Default;

    /// <summary>Names of the tensors of state, each zero at the start.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Whether each tensor of state holds one value per element, row or column; empty where all hold one per element.</summary>
    public IReadOnlyList<TensorExtent> StateExtents { get; init; } = [];

    /// <summary>Names of the tensors that carry values from one step of the plan to a later one.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>Whether each workspace holds one value per element, row or column; empty where all hold one per element.</summary>
    public IReadOnlyList<TensorExtent> WorkspaceExtents { get; init; } = [];

    /// <summary>The matrix stages.</summary>
    public IReadOnlyList<MatrixSlot> Matrices { get; init; } = [];

    /// <summary>The sums that passes gather for later ones.</summary>
    public IReadOnlyList<SumReach> Sums { get; init; } = [];

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>
    /// The pass, between steps, that puts a parameter to the point at which one evaluates; null where that is the parameter itself. It
    /// reads no gradient and gathers no sums.
    /// </summary>
    public PassStep? Evaluation { get; init; }

    /// <summary>Numbers that a step hands to the next; null if there are none.</summary>
    public CarriedPlan? Carried { get; init; }

    /// <summary>The routes of a composite, which has no steps of its own.</summary>
    public IReadOnlyList<PlanRoute> Routes { get; init; } = [];

    /// <summary>Whether a tensor holds one value per element, row or column, by its number in the plan.</summary>
    internal TensorExtent ExtentOf(int number)
    {
        var state = number - FirstState;
        if (state >= 0 && state < this.States.Count)
            return state < this.StateExtents.Count ? this.StateExtents[state] : TensorExtent.Element;
        var workspace = state - this.States.Count;
        return workspace >= 0 && workspace < this.WorkspaceExtents.Count ? this.WorkspaceExtents[workspace] : TensorExtent.Element;
    }

    /// <summary>Whether each tensor of a pass holds one value per element, row or column; null where all have as many as the pass has.</summary>
    internal TensorExtent[]? ExtentsOf(PassShape pass)
    {
        if (pass.Extent != TensorExtent.Element)
            return null;
        var extents = Array.ConvertAll(pass.Tensors, this.ExtentOf);
        return Array.Exists(extents, extent => extent != TensorExtent.Element) ? extents : null;
    }

    /// <summary>The rule that a parameter follows.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="givenName">The name that it was given; null if it has none.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ArgumentException">No route takes it; or a route asks for names, and it has none.</exception>
    internal PlanRoute RouteOf(Parameter parameter, string? givenName, string name)
    {
        if (this.Routes.Count == 0)
            return new PlanRoute(ParameterShape.Any, this, 0);
        if (givenName is null && this.Routes.FirstOrDefault(route => route.Names is not null) is { } named)
            throw new ArgumentException($"{this.Name}: the route to {named.Plan.Name} takes parameters by their names ({named.Names}), and {name} has none; give names, as model.named_parameters() does.");
        return this.Routes.FirstOrDefault(route => route.Takes(parameter.dim(), givenName))
            ?? throw new ArgumentException($"{this.Name}: {name} has shape [{string.Join(", ", parameter.shape)}], and no route takes it.");
    }

    /// <summary>Values for all hyperparameters: those given by name, and defaults.</summary>
    /// <exception cref="ArgumentException">A name is unknown, and the message lists the known ones; or a value is out of range.</exception>
    public double[] ValuesOf(IReadOnlyDictionary<string, double> named)
    {
        var known = this.Hyperparameters.Select(h => h.Name).ToList();
        foreach (var name in named.Keys)
        {
            if (!known.Contains(name))
            {
                throw new ArgumentException(
                    $"{this.Name} has no hyperparameter '{name}'. {NearestName.Suggest(name, known)}Known: {string.Join(", ", known)}.", nameof(named));
            }
        }

        return this.Hyperparameters.Select(h => named.TryGetValue(h.Name, out var value) ? h.Validate(value, this.Name) : h.Default).ToArray();
    }
}

/// <summary>A route of a composite.</summary>
/// <param name="When">Which parameters it takes.</param>
/// <param name="Plan">The rule that they follow.</param>
/// <param name="FirstHyperparameter">The place of the rule's learning rate among the composite's hyperparameters; the others follow it.</param>
public sealed record PlanRoute(ParameterShape When, UpdatePlan Plan, int FirstHyperparameter)
{
    /// <summary>The names of the parameters that it takes, beside <see cref="When"/>; null for all names.</summary>
    public NamePatterns? Names { get; init; }

    internal bool Takes(long order, string? name) => Takes(this.When, order) && (this.Names is null || (name is not null && this.Names.Match(name)));

    internal static bool Takes(ParameterShape when, long order) => when switch
    {
        ParameterShape.Vector => order <= 1,
        ParameterShape.Matrix => order >= 2,
        ParameterShape.Kernel => order >= 3,
        _ => true,
    };
}

/// <summary>Over what a sum reaches.</summary>
public enum SumReach
{
    /// <summary>The elements of one parameter.</summary>
    Tensor,

    /// <summary>The elements of all parameters of all groups.</summary>
    Global,
}

/// <summary>Numbers that a step hands to the next.</summary>
/// <param name="Matrix">The number of the slot that keeps them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Carry">What becomes of them at the end of a step.</param>
public sealed record CarriedPlan(int Matrix, int Count, CarryFunction Carry);

/// <summary>Computes what the next step gets.</summary>
/// <param name="h">The hyperparameters.</param>
/// <param name="t">The step, from 1.</param>
/// <param name="shape">The parameter's shape.</param>
/// <param name="sums">The sums of the step, and behind them the carried numbers, which are overwritten.</param>
public delegate void CarryFunction(ReadOnlySpan<double> h, long t, TensorShape shape, Span<double> sums);

/// <summary>A matrix stage: its name in state dicts, and what makes its state for one parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Create">Makes the state; takes the parameter and what to call it in messages.</param>
public sealed record MatrixSlot(string Name, Func<Parameter, string, IMatrixState> Create)
{
    /// <summary>Says, before anything else, whether a parameter takes this step; null if it always does.</summary>
    public GateFunction? Gate { get; init; }
}

/// <summary>Says whether a parameter takes a step.</summary>
/// <param name="state">The stage's state.</param>
/// <param name="gradient">The gradient.</param>
/// <param name="h">The hyperparameters.</param>
public delegate bool GateFunction(IMatrixState state, torch.Tensor gradient, ReadOnlySpan<double> h);

/// <summary>Ends a step of one parameter.</summary>
/// <param name="state">The stage's state.</param>
/// <param name="gradient">The gradient.</param>
/// <param name="followers">State in the stage's coordinates, which moves when they do.</param>
/// <param name="t">The step, from 1.</param>
/// <param name="h">The hyperparameters.</param>
/// <param name="work">Where it is done together with what other parameters have to do.</param>
public delegate void FinishFunction(IMatrixState state, torch.Tensor gradient, torch.Tensor[] followers, long t, ReadOnlySpan<double> h, MatrixWork work);

/// <summary>A step of a plan.</summary>
public abstract class PlanStep;

/// <summary>One pass over memory.</summary>
public sealed class PassStep : PlanStep
{
    private PassStep(PassShape shape, KernelSet kernels, ScalarFunction scalars, TorchSharpFunction torchSharp)
    {
        this.Shape = shape;
        this.Kernels = kernels;
        this.Scalars = scalars;
        this.TorchSharp = torchSharp;
    }

    internal delegate void ScalarFunction(ReadOnlySpan<double> h, long t, TensorShape shape, ReadOnlySpan<double> sums, Span<double> s);

    internal delegate void TorchSharpFunction(TensorRow x, ReadOnlySpan<double> s);

    internal PassShape Shape { get; }

    internal KernelSet Kernels { get; }

    internal ScalarFunction Scalars { get; }

    internal TorchSharpFunction TorchSharp { get; }

    /// <summary>The step that carries out a generated pass.</summary>
    public static PassStep Of<TPass>(PassShape shape)
        where TPass : struct, IElementwisePass =>
        new(shape, KernelSet.Of<TPass>(), TPass.Scalars, TPass.TorchSharp);
}

/// <summary>What a pass touches.</summary>
public sealed record PassShape
{
    /// <summary>The numbers of its tensors.</summary>
    public required int[] Tensors { get; init; }

    /// <summary>Over what it runs: the elements of the parameter, or its rows or columns, where all of its tensors hold one value for each.</summary>
    public TensorExtent Extent { get; init; }

    /// <summary>Which of <see cref="Tensors"/> it writes.</summary>
    public int[] Writes { get; init; } = [];

    /// <summary>Which of <see cref="Tensors"/> it writes without reading them.</summary>
    public int[] OnlyWrites { get; init; } = [];

    /// <summary>The numbers of the sums that it gathers.</summary>
    public int[] Sums { get; init; } = [];

    /// <summary>What its CUDA kernel is called; null if it has none.</summary>
    public string? Kernel { get; init; }

    /// <summary>How many scalars the host hands in.</summary>
    public required int Scalars { get; init; }

    /// <summary>The numbers of the scalars that are exponents.</summary>
    public int[] Exponents { get; init; } = [];

    /// <summary>Whether its text has a power that is neither a product nor a root.</summary>
    public bool HasOtherPowers { get; init; }

    /// <summary>Whether scalars differ from tensor to tensor, because they depend on a sum over one.</summary>
    public required bool DependsOnTensor { get; init; }

    /// <summary>Whether everything is raised to 0, 1/2, 1 or 2.</summary>
    internal bool HasExactPowers(ReadOnlySpan<double> scalars)
    {
        foreach (var k in this.Exponents)
        {
            if (!ExactPowers.Have(scalars[k]))
                return false;
        }

        return !this.HasOtherPowers;
    }

    /// <summary>Tells autograd which parameters a kernel has written to, behind libtorch's back.</summary>
    internal void BumpVersions(ReadOnlySpan<ParameterState?> states)
    {
        foreach (var k in this.Writes)
        {
            if (this.Tensors[k] != UpdatePlan.ParameterTensor)
                continue;
            foreach (var state in states)
                Native.TorchNative.BumpVersion(state!.Parameter.Handle);
        }
    }
}

/// <summary>Carries out a matrix stage on one parameter.</summary>
/// <param name="state">The stage's state; null if it keeps none.</param>
/// <param name="input">The update signal.</param>
/// <param name="other">The stage's other operand: the gradient, or the update whose length is taken.</param>
/// <param name="output">Receives the new signal.</param>
/// <param name="t">The step, from 1.</param>
/// <param name="h">The hyperparameters.</param>
/// <param name="work">Where products of all parameters are done together.</param>
public delegate void MatrixFunction(IMatrixState? state, torch.Tensor input, torch.Tensor other, torch.Tensor output, long t, ReadOnlySpan<double> h, MatrixWork work);

/// <summary>Lets a matrix stage learn from the gradient of one parameter.</summary>
/// <param name="state">The stage's state.</param>
/// <param name="gradient">The gradient.</param>
/// <param name="t">The step, from 1.</param>
/// <param name="h">The hyperparameters.</param>
/// <param name="work">Where it is done for all parameters together.</param>
public delegate void StatisticsFunction(IMatrixState state, torch.Tensor gradient, long t, ReadOnlySpan<double> h, MatrixWork work);

/// <summary>One matrix stage.</summary>
public sealed class MatrixPlanStep(int? matrix, int input, int other, int output, MatrixFunction apply) : PlanStep
{
    internal int? Matrix { get; } = matrix;

    internal int Input { get; } = input;

    internal int Other { get; } = other;

    internal int Output { get; } = output;

    internal MatrixFunction Apply { get; } = apply;

    /// <summary>What the stage learns from its other operand before it acts; null if nothing. Where that is the gradient as it came, all statistics come before everything else in a step.</summary>
    public StatisticsFunction? Statistics { get; init; }
}

/// <summary>The end of a step for a matrix stage.</summary>
public sealed class FinishPlanStep(int matrix, int gradient, int[] followers, FinishFunction finish) : PlanStep
{
    internal int Matrix { get; } = matrix;

    internal int Gradient { get; } = gradient;

    internal int[] Followers { get; } = followers;

    internal FinishFunction Finish { get; } = finish;
}
