using OptBias.Kernels;
using OptBias.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>
/// Base of all generated optimizers. It is TorchSharp's own <see cref="OptimizerHelper"/>: learning-rate schedulers, closures,
/// parameter groups, <c>zero_grad</c> and state dicts work as they do there.
/// </summary>
/// <remarks>A parameter without a gradient is skipped: neither it, nor its state, nor its step count changes.</remarks>
public abstract class DeclaredOptimizer : OptimizerHelper
{
    private readonly UpdatePlan plan;
    private readonly List<(PlanRoute Route, StepExecutor Executor)> executors;
    private readonly HashSet<nint> handles = [];

    /// <summary>Makes the optimizer for groups of parameters.</summary>
    /// <exception cref="ArgumentException">A hyperparameter is out of range; no parameter is given, one is given twice, or one is not real floating point.</exception>
    protected DeclaredOptimizer(UpdatePlan plan, DeclaredOptions options, IEnumerable<ParamGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(groups);
        options.Validate(plan.Name);
        options.InitialLearningRate = options.LearningRate!.Value;
        this.plan = plan;
        this.executors = plan.Routes.Count == 0
            ? [(new PlanRoute(ParameterShape.Any, plan, 0), new StepExecutor(plan))]
            : plan.Routes.Select(route => (route, new StepExecutor(route.Plan))).ToList();
        this._defaults = options;
        this._parameter_groups = [];
        foreach (var group in groups.ToList())
            this.add_param_group(group);
        if (this.handles.Count == 0)
            throw new ArgumentException($"{plan.Name}: there is no parameter to optimize; the list of parameters is empty.", nameof(groups));
    }

    /// <summary>Which code carries out the update. <see cref="Backend.Auto"/> unless set.</summary>
    public Backend Backend { get; set; }

    /// <summary>What is kept for each parameter, in the order of the groups.</summary>
    public IEnumerable<ParameterState> States => this._state.Values.Cast<ParameterState>();

    /// <summary>Adds a group, whose options may override hyperparameters.</summary>
    /// <exception cref="ArgumentException">A hyperparameter is out of range; a parameter is given twice or is not real floating point. Nothing has changed then.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        var number = this._parameter_groups.Count;
        var where = $"{this.plan.Name}, parameter group {number}";
        var defaults = (DeclaredOptions)this._defaults;
        if (param_group.Options is not null && param_group.Options.GetType() != defaults.GetType())
            throw new ArgumentException($"{where}: its options are {param_group.Options.GetType().FullName}; they must be {defaults.GetType().FullName}.", nameof(param_group));
        var options = (DeclaredOptions?)param_group.Options ?? throw new ArgumentException($"{where} has no options.", nameof(param_group));
        options.Validate(where);

        var parameters = param_group.Parameters?.ToList() ?? [];
        var names = NamesOf(param_group, parameters.Count, number);
        this.CheckParameters(parameters, names, where);
        var routes = parameters.Select((parameter, i) => this.plan.RouteOf(parameter, names[i])).ToList();

        options.FillFrom(defaults);
        param_group.Parameters = parameters;
        this._parameter_groups.Add(param_group);
        using var scope = NewDisposeScope();
        for (var i = 0; i < parameters.Count; i++)
        {
            this.handles.Add(parameters[i].Handle);
            this._state[parameters[i].Handle] = new ParameterState(parameters[i], routes[i], names[i]);
        }
    }

    /// <summary>Takes one step.</summary>
    /// <param name="closure">Evaluates the model and returns the loss; null if gradients are at hand.</param>
    /// <returns>The closure's loss, or null.</returns>
    /// <exception cref="InvalidOperationException">A gradient is sparse or complex, or a parameter was replaced after the optimizer was made. Nothing has changed then.</exception>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var withGrad = enable_grad();
            loss = closure();
        }

        using var noGrad = no_grad();
        foreach (var (_, executor) in this.executors)
            executor.Begin();
        try
        {
            this.Gather();
            foreach (var (_, executor) in this.executors)
                executor.Run();
        }
        finally
        {
            this.ReleaseGradients();
        }

        return loss;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && this.executors is not null)
        {
            foreach (var (_, executor) in this.executors)
                executor.Dispose();
            foreach (var state in this.States)
                state.Dispose();
        }

        base.Dispose(disposing);
    }

    private static List<string> NamesOf(ParamGroup group, int count, int number)
    {
        var names = (group as INamedParameters)?.Names;
        return Enumerable.Range(0, count)
            .Select(i => names is not null ? $"parameter '{names[i]}'" : $"parameter {i} of group {number}")
            .ToList();
    }

    private void CheckParameters(List<Parameter> parameters, List<string> names, string where)
    {
        var seen = new HashSet<nint>();
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i] is not { } parameter)
                throw new ArgumentException($"{where}: {names[i]} is null.");
            if (!parameter.is_floating_point())
                throw new ArgumentException($"{where}: {names[i]} is {parameter.dtype}; only real floating point can be optimized (float64, float32, bfloat16, float16).");
            if (!seen.Add(parameter.Handle) || this.handles.Contains(parameter.Handle))
                throw new ArgumentException($"{where}: {names[i]} is given twice; every parameter belongs to one group, once.");
        }
    }

    /// <summary>Looks at every gradient before anything changes.</summary>
    private void Gather()
    {
        for (var number = 0; number < this._parameter_groups.Count; number++)
        {
            var group = this._parameter_groups[number];
            var options = (DeclaredOptions)group.Options;
            this.plan.Hyperparameters[0].Validate(options.LearningRate!.Value, $"{this.plan.Name}, parameter group {number}");
            this.HandOut(options, number);
            foreach (var parameter in (List<Parameter>)group.Parameters)
                this.Gather(parameter, number, options.maximize!.Value);
        }
    }

    private StepExecutor ExecutorOf(ParameterState state)
    {
        foreach (var (route, executor) in this.executors)
        {
            if (route.Plan == state.Route.Plan)
                return executor;
        }

        throw new InvalidOperationException($"{this.plan.Name} has no rule for {state.ParameterName}.");
    }

    /// <summary>Gives every rule its hyperparameters; a schedule of the learning rate turns those of all routes in proportion.</summary>
    private void HandOut(DeclaredOptions options, int group)
    {
        Span<double> all = stackalloc double[this.plan.Hyperparameters.Count];
        options.CopyTo(all);
        foreach (var (route, executor) in this.executors)
        {
            var h = executor.Hyperparameters(group);
            all.Slice(route.FirstHyperparameter, h.Length).CopyTo(h);
            if (route.FirstHyperparameter > 0 && options.InitialLearningRate > 0)
                h[0] *= options.LearningRate!.Value / options.InitialLearningRate;
        }
    }

    private void Gather(Parameter parameter, int group, bool maximize)
    {
        if (parameter.IsInvalid)
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: a parameter of group {group} no longer exists. module.to(...) replaces a module's parameters: move the module first, and make the optimizer from its parameters then.");
        }

        var gradient = parameter.grad;
        if (gradient is null)
            return;

        var state = (ParameterState)this._state[parameter.Handle];
        gradient.DetachFromDisposeScope();
        state.Gradient = gradient;
        if (gradient.is_sparse || gradient.is_complex())
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: the gradient of {state.ParameterName} is {(gradient.is_sparse ? "sparse" : "complex")}; only dense, real gradients can be used.");
        }

        if (maximize)
        {
            state.Gradient = gradient.neg().DetachFromDisposeScope();
            gradient.Dispose();
        }

        var fused = this.Backend != Backend.TorchSharp && this.TakesFused(parameter, state);
        this.ExecutorOf(state).Add(state, group, fused);
    }

    /// <summary>Whether the fused kernels can take a parameter; if they must and cannot, says why.</summary>
    private bool TakesFused(Parameter parameter, ParameterState state)
    {
        var obstacle =
            FusedPath.Obstacle(parameter.device_type, parameter.dtype) is { } place ? $"it {place}"
            : state.Gradient!.dtype != parameter.dtype ? $"it is {parameter.dtype} and its gradient {state.Gradient.dtype}"
            : !parameter.is_contiguous() ? "it is not contiguous"
            : null;
        if (obstacle is not null)
        {
            return this.Backend == Backend.Fused
                ? throw new InvalidOperationException($"{this.plan.Name}: {state.ParameterName} cannot take the fused path: {obstacle}.")
                : false;
        }

        if (!state.Gradient!.is_contiguous())
        {
            // An expanded or transposed gradient: one copy makes it linear.
            var linear = state.Gradient.contiguous().DetachFromDisposeScope();
            state.Gradient.Dispose();
            state.Gradient = linear;
        }

        return true;
    }

    private void ReleaseGradients()
    {
        foreach (var state in this.States)
        {
            state.Gradient?.Dispose();
            state.Gradient = null;
        }
    }
}
