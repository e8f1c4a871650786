using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>
/// Base of all generated optimizers. It is TorchSharp's own <see cref="OptimizerHelper"/>: learning-rate schedulers, closures,
/// parameter groups, <c>zero_grad</c> and state dicts work as they do there.
/// </summary>
/// <remarks>A parameter without a gradient is skipped: neither it, nor its state, nor its step count changes.</remarks>
public abstract partial class DeclaredOptimizer : OptimizerHelper
{
    /// <summary>Prefetch distance, in parameters: a step prefetches the objects of the parameter that is this many places ahead, since the numbers of the others have evicted them.</summary>
    private const int Ahead = 5;

    private readonly UpdatePlan plan;
    private readonly List<(PlanRoute Route, StepExecutor Executor)> executors;
    private readonly HashSet<nint> handles = [];
    private readonly List<Group> groups = [];
    private bool hasLookedAtNames;

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
        options.Where = plan.Name;
        foreach (var group in groups.ToList())
            this.add_param_group(group);
        if (this.handles.Count == 0)
            throw new ArgumentException($"{plan.Name}: there is no parameter to optimize; the list of parameters is empty.", nameof(groups));
    }

    /// <summary>Which code carries out the update. <see cref="Backend.Auto"/> unless set.</summary>
    public Backend Backend { get; set; }

    /// <summary>
    /// Whether <see cref="step"/> leaves zeros where the gradients were: fused passes write them while the gradient is still in
    /// the nearest caches, so that <c>zero_grad</c> need not be called. Not unless set. A gradient that is not contiguous is taken away.
    /// </summary>
    /// <remarks>Where nothing else needs gradients that stay, <see cref="zero_grad()"/> is faster still: it takes them away, and the next backward pass writes new ones.</remarks>
    public bool ZerosGradients { get; set; }

    /// <summary>
    /// Whether fused passes on the CPU take numbers below the normal format (1.2e-38 in float32, 2.2e-308 in float64) for zero:
    /// state that decays for long, as momentum does where gradients are zero, ends there, and computing with it takes several times as long.
    /// Not unless set, since a state that is zero may be divided by where the rule's ε is 0. Results differ from those of
    /// <see cref="Backend.TorchSharp"/> by no more than such numbers do.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The processor, or the libtorch that is loaded, cannot.</exception>
    public bool FlushesDenormals
    {
        get;
        set => field = !value || Denormals.CanFlush
            ? value
            : throw new PlatformNotSupportedException($"{this.plan.Name}: this processor cannot take numbers below the normal format for zero, or the libtorch that is loaded cannot tell it to.");
    }

    /// <summary>What is kept for each parameter, in the order of the groups.</summary>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    public IEnumerable<ParameterState> States
    {
        get
        {
            this.RequireLive();
            return this._state.Values.Cast<ParameterState>();
        }
    }

    /// <summary>Adds a group, whose options may override hyperparameters.</summary>
    /// <exception cref="ArgumentException">A hyperparameter is out of range; a parameter is given twice or is not real floating point. Nothing has changed then.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        using var use = this.Enter(nameof(this.add_param_group));
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
        var given = (param_group as INamedParameters)?.Names;
        var routes = parameters.Select((parameter, i) => this.plan.RouteOf(parameter, given?[i], names[i])).ToList();

        options.FillFrom(defaults);
        options.Owner = this;
        param_group.Parameters = parameters;
        this._parameter_groups.Add(param_group);
        options.Where = where;
        using var off = AutogradOff.Enter();
        using var scope = NewDisposeScope();
        var states = new ParameterState[parameters.Count];
        for (var i = 0; i < parameters.Count; i++)
        {
            this._state[parameters[i].Handle] = states[i] = new ParameterState(parameters[i], routes[i], names[i], number: this.handles.Count)
            {
                Owner = this,
                GivenName = given?[i],
            };
            this.handles.Add(parameters[i].Handle);
        }

        this.groups.Add(new Group([.. states.Select(state => (state, this.ExecutorOf(state)))]));
    }

    /// <summary>Which rule each parameter follows, in the order of groups and parameters.</summary>
    public IReadOnlyList<ParameterRoute> Routes =>
        [.. this.groups.SelectMany(static group => group.Members).Select(static member => new ParameterRoute(member.State.ParameterName, member.State.Route.Plan.Name))];

    /// <summary>Takes one step.</summary>
    /// <param name="closure">Evaluates the model and returns the loss; null if gradients are at hand.</param>
    /// <returns>The closure's loss, or null.</returns>
    /// <remarks>One thread at a time: a second one gets an exception, and so does a call to <see cref="IDisposable.Dispose"/> while a step runs.</remarks>
    /// <exception cref="InvalidOperationException">
    /// A gradient is sparse, complex, or shaped otherwise than its parameter; a parameter was replaced, reshaped, or moved after the
    /// optimizer was made; the optimizer is in use already; the parameters are at the evaluation point. Nothing has changed then.
    /// </exception>
    /// <exception cref="NonFiniteGradientException">A gradient has an element that is NaN or infinite, and <see cref="OnNonFinite"/> says to throw. Nothing has changed.</exception>
    /// <exception cref="LinearAlgebra.PreconditionerException">A preconditioner cannot learn from a gradient, or has failed too often. Nothing has changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter has been set to a value that is out of its range. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        this.RequireLive();
        this.RequireNoOpenLoad();

        // Before the closure runs: what it computes would be thrown away.
        if (Volatile.Read(ref this.condition) == AtPoint)
            throw this.IsAtPoint(nameof(this.step));
        Tensor? loss = null;
        if (closure is not null)
        {
            using var withGrad = enable_grad();
            loss = closure();
        }

        using var use = this.Enter(nameof(this.step));
        using var off = AutogradOff.Enter();
        this.SayUnmatchedNames();
        foreach (var (_, executor) in this.executors)
            executor.Begin();
        try
        {
            this.Gather();
            if (this.LookAtGradients())
                this.TakeStep();
        }
        finally
        {
            this.ReleaseGradients();
        }

        return loss;
    }

    /// <summary>Warns once of patterns that are the name of no parameter: at the first step, when all groups have been added.</summary>
    private void SayUnmatchedNames()
    {
        if (this.hasLookedAtNames)
            return;
        this.hasLookedAtNames = true;
        var names = this.groups.SelectMany(static group => group.Members).Select(static member => member.State.GivenName).OfType<string>().ToList();
        foreach (var route in this.plan.Routes)
        {
            foreach (var pattern in route.Names?.All ?? [])
            {
                if (!names.Exists(name => NamePatterns.Matches(pattern, name)))
                    LinearAlgebra.MatrixWarnings.Raise($"{this.plan.Name}: no parameter has a name like '{pattern}', which the route to {route.Plan.Name} takes. {NearestName.Suggest(pattern.Replace("*", "", StringComparison.Ordinal), names)}");
            }
        }
    }

    /// <summary>Takes all gradients away: the next backward pass writes them instead of adding to zeros, which saves a pass over them.</summary>
    public override void zero_grad() => this.zero_grad(set_to_none: true);

    /// <summary>Takes all gradients away or sets them to zero.</summary>
    /// <param name="set_to_none">Take them away, as torch does unless told otherwise; else they stay and become zero.</param>
    public void zero_grad(bool set_to_none)
    {
        using var use = this.Enter(nameof(this.zero_grad));
        using var off = AutogradOff.Enter();
        foreach (var group in this.groups)
        {
            foreach (var (state, _) in group.Members)
            {
                if (set_to_none)
                    TorchNative.ResetGradient(state.Parameter.Handle);
                else
                    state.ClearGradient();
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A step runs.</exception>
    protected override void Dispose(bool disposing)
    {
        if (disposing && this.executors is not null && this.EnterForGood())
        {
            foreach (var (_, executor) in this.executors)
                executor.Dispose();
            foreach (var state in this._state.Values)
                ((ParameterState)state).Dispose();
            this.scan.Dispose();
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
            if (IsSparse(parameter))
                throw new ArgumentException($"{where}: {names[i]} is not dense (its elements are not in memory one by one); only dense parameters can be optimized.");
            if (TorchNative.IsInference(parameter.Handle))
                throw new ArgumentException($"{where}: {names[i]} was made in inference mode, and torch lets nobody write to it outside of it. Make parameters outside of inference_mode().");
            if (SharedMemory.HasSharedElements(parameter))
                throw new ArgumentException($"{where}: {names[i]}, of shape [{string.Join(", ", parameter.shape)}] and strides [{string.Join(", ", parameter.stride())}], has elements that share memory, as after expand(); each would be stepped several times. Make it from a clone().");
            if (!seen.Add(parameter.Handle) || this.handles.Contains(parameter.Handle))
                throw new ArgumentException($"{where}: {names[i]} is given twice; every parameter belongs to one group, once.");
        }

        this.CheckSharedMemory(parameters, names, where);
    }

    /// <summary>Looks at every gradient before anything changes.</summary>
    private void Gather()
    {
        for (var number = 0; number < this.groups.Count; number++)
        {
            var options = (DeclaredOptions)this._parameter_groups[number].Options;
            this.HandOut(options, number);
            var members = this.groups[number].Members;
            var maximize = options.maximize!.Value;
            for (var k = 0; k < members.Length; k++)
            {
                if (k + Ahead < members.Length)
                    members[k + Ahead].State.BringNear();
                this.Gather(members[k].State, members[k].Executor, number, maximize);
            }
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
        this.groups[group].Check(all, options, this.plan.Name, group);
        foreach (var (route, executor) in this.executors)
        {
            var h = executor.Hyperparameters(group);
            all.Slice(route.FirstHyperparameter, h.Length).CopyTo(h);
            if (route.FirstHyperparameter > 0 && options.InitialLearningRate > 0)
                h[0] *= options.LearningRate!.Value / options.InitialLearningRate;
        }
    }

    private void Gather(ParameterState state, StepExecutor executor, int group, bool maximize)
    {
        this.RequireParameter(state, group);
        var handle = state.Parameter.Handle;
        if (!state.TakeGradient(handle))
            return;
        if (!maximize && state.IsAsRemembered(handle, this.Backend))
        {
            executor.Add(state, group, Route.Simd);
            return;
        }

        state.Forget();
        state.DType = (ScalarType)TorchNative.DType(handle);
        var gradientType = (ScalarType)TorchNative.DType(state.GradientHandle);
        if (TorchNative.IsSparse(state.GradientHandle) || IsComplex(gradientType))
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: the gradient of {state.ParameterName} is {(TorchNative.IsSparse(state.GradientHandle) ? "sparse" : "complex")}; only dense, real gradients can be used.");
        }

        this.CheckShape(state, handle);
        this.CheckGradientShape(state, handle);
        this.CheckPlace(state);
        if (maximize)
            state.ReplaceGradient(state.Gradient.neg());

        var route = this.TakeRoute(state, handle, gradientType);

        // An expanded or transposed gradient: one copy makes it linear.
        if (route != Route.Torch && !TorchNative.IsContiguous(state.GradientHandle))
            state.ReplaceGradient(state.Gradient.contiguous());
        if (route == Route.Simd && !state.HasReplacedGradient)
            state.Remember(handle, this.Backend);
        executor.Add(state, group, route);
    }

    private void RequireParameter(ParameterState state, int group)
    {
        if (state.Parameter.IsInvalid)
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: a parameter of group {group} no longer exists. module.to(...) replaces a module's parameters: move the module first, and make the optimizer from its parameters then.");
        }
    }

    /// <summary>Finds where passes over a parameter run, and the kernels that do.</summary>
    private Route TakeRoute(ParameterState state, nint handle, ScalarType gradientType)
    {
        var route = RouteOf.OfPass(state, handle, gradientType, this.Backend);
        if (route.Obstacle is { } obstacle)
            this.SayWhyNotFused(state, obstacle);
        state.Kernels = route.Kernels;
        return route.Route;
    }

    /// <summary>torch itself looks at neither: a gradient may be assigned with any shape, and <c>set_</c> gives a parameter another.</summary>
    private void CheckShape(ParameterState state, nint handle)
    {
        if (!TorchNative.HasShape(handle, state.Sizes))
        {
            var known = TorchNative.ElementCount(handle) == state.ElementCount ? $"shape [{string.Join(", ", state.Sizes)}]" : $"{state.ElementCount} elements";
            throw new InvalidOperationException(
                $"{this.plan.Name}: {state.ParameterName} has shape [{string.Join(", ", state.Parameter.shape)}] now, and its state is for {known}: make the optimizer anew from parameters that changed their shape.");
        }
    }

    private void CheckGradientShape(ParameterState state, nint handle)
    {
        if (!TorchNative.HaveSameShape(handle, state.GradientHandle))
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: the gradient of {state.ParameterName} has shape [{string.Join(", ", state.Gradient.shape)}], the parameter [{string.Join(", ", state.Parameter.shape)}]; they must be the same.");
        }
    }

    private static bool IsComplex(ScalarType dtype) => dtype is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    private void SayWhyNotFused(ParameterState state, string obstacle)
    {
        if (this.Backend == Backend.Fused)
            throw new InvalidOperationException($"{this.plan.Name}: {state.ParameterName} cannot take the fused path: {obstacle}.");
        if (state.Parameter.device_type == DeviceType.CUDA)
            RouteOf.SayOnce(this.plan.Name, obstacle);
    }

    private void ReleaseGradients()
    {
        foreach (var group in this.groups)
        {
            foreach (var (state, _) in group.Members)
                state.ReleaseGradient();
        }
    }

    /// <summary>The parameters of a group, each with what carries out its rule, and the hyperparameters that have been looked at last.</summary>
    private sealed class Group((ParameterState State, StepExecutor Executor)[] members)
    {
        private double[] known = [];

        public (ParameterState State, StepExecutor Executor)[] Members { get; } = members;

        /// <summary>Requires every hyperparameter to be in its range: schedulers set them behind the options' back.</summary>
        public void Check(ReadOnlySpan<double> values, DeclaredOptions options, string optimizer, int number)
        {
            // Equal numbers: NaN is looked at again, and refused again.
            if (values.SequenceEqual(this.known))
                return;
            for (var i = 0; i < values.Length; i++)
                options.Hyperparameters[i].Validate(values[i], $"{optimizer}, parameter group {number}");
            this.known = values.ToArray();
        }
    }
}
