using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>What a generated optimizer keeps for one parameter: the number of its steps, its tensors, its matrix stages.</summary>
public sealed partial class ParameterState : OptimizerState, IDisposable
{
    internal const string MasterName = "master_weights";

    private readonly UpdatePlan plan;
    private readonly int number;
    private readonly Tensor[] tensors;

    /// <summary>Where the elements of <see cref="tensors"/> are; 0 where that has not been asked for.</summary>
    private readonly nint[] addresses;
    private readonly IMatrixState[] matrices;
    private Tensor? gradient;
    private Tensor? master;
    private Facts facts;

    /// <summary>Makes the state of a parameter, zero at first.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="route">The rule that it follows.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="number">Its number in the optimizer.</param>
    internal ParameterState(Parameter parameter, PlanRoute route, string name, int number)
        : base(parameter)
    {
        var plan = route.Plan;
        this.plan = plan;
        this.Route = route;
        this.ParameterName = name;
        this.number = number;
        this.ArithmeticType = ArithmeticTypeOf(parameter);
        this.StateType = plan.Storage.StateTypeOf(parameter.dtype);
        this.KeptState = plan.Storage.OfState(this.StateType);
        if (plan.Storage.HasMaster(parameter.dtype))
            this.master = parameter.detach().to_type(this.ArithmeticType).contiguous().DetachFromDisposeScope();
        this.Shape = new TensorShape(parameter.shape);
        this.Sizes = parameter.shape;
        this.MadeFor = parameter.dtype;
        this.Device = parameter.device;
        this.ElementCount = parameter.numel();
        this.Sums = new double[plan.Sums.Count];
        this.tensors = new Tensor[plan.States.Count + plan.Workspaces.Count];
        this.addresses = new nint[this.tensors.Length];
        for (var i = 0; i < plan.States.Count; i++)
            this.tensors[i] = this.NewTensor(UpdatePlan.FirstState + i);
        this.matrices = plan.Matrices.Select(m => m.Create(parameter, name)).ToArray();
    }

    /// <summary>Steps that this parameter has taken: a step in which it has no gradient does not count.</summary>
    public long Step { get; internal set; }

    /// <summary>What messages call the parameter.</summary>
    public string ParameterName { get; }

    /// <summary>The parameter.</summary>
    public Parameter Parameter => this._parameter;

    /// <summary>The type that the update is computed in: float64 for float64, else float32.</summary>
    public ScalarType ArithmeticType { get; }

    /// <summary>The type that state with a number for each element is kept in: that of the arithmetic, unless <see cref="StateAttribute"/> says otherwise.</summary>
    public ScalarType StateType { get; }

    /// <summary>The type that a parameter's update is computed in.</summary>
    public static ScalarType ArithmeticTypeOf(Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return StateStorage.ArithmeticTypeOf(parameter.dtype);
    }

    /// <summary>The state by name, shaped as the parameter; master weights, where there are any, as <c>master_weights</c>.</summary>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    public IEnumerable<(string Name, Tensor Value)> Tensors
    {
        get
        {
            this.RequireLive();
            return this.OwnTensors
                .Concat(this.plan.Matrices.SelectMany((slot, k) => this.matrices[k].Tensors.Select(t => (slot.Name + "." + t.Name, t.Value))));
        }
    }

    /// <summary>The sums over this parameter that passes of the current step have gathered.</summary>
    internal double[] Sums { get; }

    /// <summary>The gradient of the current step as a handle; 0 outside of one.</summary>
    internal nint GradientHandle { get; private set; }

    /// <summary>Whether a copy stands in for the parameter's gradient in the current step.</summary>
    internal bool HasReplacedGradient { get; private set; }

    /// <summary>The gradient of the current step as a tensor, made when a step of the plan needs one.</summary>
    internal Tensor Gradient => this.gradient ??= this._parameter.grad!.DetachFromDisposeScope();

    /// <summary>The dtype that the parameter has in the current step.</summary>
    internal ScalarType DType { get; set; }

    /// <summary>
    /// Counts the steps in which parameter, gradient or state were not found where they had been the step before: what is made
    /// from their addresses for one number holds as long as the number stays.
    /// </summary>
    internal long Version { get; private set; }

    /// <summary>The kernels that update the parameter on its device; null on the CPU, and where there are none.</summary>
    internal Cuda.KernelModule? Kernels { get; set; }

    /// <summary>How kernels see the state.</summary>
    internal TensorStorage KeptState { get; }

    /// <summary>How kernels see the parameter in the current step.</summary>
    internal TensorStorage KeptParameter => this.plan.Storage.OfParameter(this.DType);

    /// <summary>The parameter in float32 that its steps are taken on; null if it is its own.</summary>
    internal Tensor? Master => this.master;

    /// <summary>The rule that the parameter follows.</summary>
    internal PlanRoute Route { get; }

    /// <summary>The parameter's shape as formulas see it.</summary>
    internal TensorShape Shape { get; }

    /// <summary>How many elements the parameter had when its state was made.</summary>
    internal long ElementCount { get; }

    /// <summary>Takes the parameter's gradient for the current step.</summary>
    /// <param name="handle">The parameter's handle.</param>
    /// <returns>Whether there is a gradient.</returns>
    internal bool TakeGradient(nint handle)
    {
        if (TorchNative.CanBorrowGradient)
        {
            this.GradientHandle = TorchNative.BorrowGradient(handle);
            return this.GradientHandle != 0;
        }

        this.gradient = this._parameter.grad?.DetachFromDisposeScope();
        this.GradientHandle = this.gradient?.Handle ?? 0;
        return this.gradient is not null;
    }

    /// <summary>Whether the backend would find in parameter and gradient all that <see cref="Remember"/> was called for: same places, same sizes, same types, both contiguous.</summary>
    internal bool IsAsRemembered(nint handle, Backend backend) =>
        this.facts.Address != 0
        && this.facts.Backend == backend
        && !TorchNative.IsSparse(this.GradientHandle)
        && TorchNative.Data(handle) == this.facts.Address
        && TorchNative.Data(this.GradientHandle) == this.facts.GradientAddress
        && TorchNative.HasShape(handle, this.Sizes)
        && TorchNative.HasShape(this.GradientHandle, this.Sizes)
        && TorchNative.DType(this.GradientHandle) == (sbyte)this.DType
        && TorchNative.IsContiguous(handle)
        && TorchNative.IsContiguous(this.GradientHandle)
        && !Array.Exists(this.tensors, static tensor => tensor is { IsInvalid: true });

    /// <summary>Remembers where parameter and gradient are, once it is known that a backend's fused kernels on the CPU can take them as they are.</summary>
    internal void Remember(nint handle, Backend backend) =>
        this.facts = new(
            TorchNative.Data(handle),
            TorchNative.Data(this.GradientHandle),
            backend,
            TorchNative.ImplementationOf(handle),
            TorchNative.ImplementationOf(this.GradientHandle));

    /// <summary>Has what the next step will read of parameter and gradient brought near, where they were in the last one.</summary>
    internal void BringNear()
    {
        TorchNative.BringNear(this.facts.Implementation);
        TorchNative.BringNear(this.facts.GradientImplementation);
    }

    /// <summary>Forgets what was remembered: places are new.</summary>
    internal void Forget()
    {
        this.facts = default;
        this.Version++;
    }

    /// <summary>Takes another tensor in place of the parameter's gradient, and owns it.</summary>
    internal void ReplaceGradient(Tensor copy)
    {
        this.HasReplacedGradient = true;
        this.gradient?.Dispose();
        this.gradient = copy.DetachFromDisposeScope();
        this.GradientHandle = copy.Handle;
    }

    /// <summary>Sets the parameter's gradient to zero; one whose elements share memory is taken away.</summary>
    internal void ClearGradient()
    {
        using var own = this._parameter.grad;
        if (own is null)
            return;
        if (!TorchNative.IsContiguous(own.Handle))
        {
            TorchNative.ResetGradient(this._parameter.Handle);
            return;
        }

        // torch lets nobody write to what was made in inference mode but in it.
        using var inference = TorchNative.IsInference(own.Handle) ? inference_mode() : null;
        own.zero_();
    }

    /// <summary>Forgets the gradient.</summary>
    internal void ReleaseGradient()
    {
        this.HasReplacedGradient = false;
        this.gradient?.Dispose();
        this.gradient = null;
        this.GradientHandle = 0;
    }

    /// <summary>The handle of a tensor by its number in the plan.</summary>
    internal nint HandleAt(int number) => number == UpdatePlan.GradientTensor ? this.GradientHandle : this.TensorAt(number).Handle;

    /// <summary>
    /// The address of a tensor's first element by its number in the plan. A parameter and its gradient are asked each time, since
    /// users move and replace them; state is this object's own and stays where it is until it moves to another device. A tensor of state
    /// that somebody disposed of throws here, as anywhere.
    /// </summary>
    internal nint AddressAt(int number)
    {
        if (number < UpdatePlan.FirstState)
            return TorchNative.Data(this.HandleAt(number));
        ref var address = ref this.addresses[number - UpdatePlan.FirstState];
        var tensor = this.TensorAt(number);
        if (address == 0 || tensor.IsInvalid)
            address = TorchNative.Data(tensor.Handle);
        return address;
    }

    internal IMatrixState Matrix(int index) => this.matrices[index];

    /// <summary>A tensor by its number in the plan.</summary>
    internal Tensor TensorAt(int number) => number switch
    {
        UpdatePlan.ParameterTensor => this._parameter,
        UpdatePlan.GradientTensor => this.Gradient,
        _ => this.tensors[number - UpdatePlan.FirstState] ??= this.NewTensor(number),
    };

    /// <summary>A tensor by its number in the plan as the arithmetic sees it: the master weights in the place of the parameter, where there are any.</summary>
    internal Tensor OperandAt(int number) => number == UpdatePlan.ParameterTensor && this.master is not null ? this.master : this.TensorAt(number);

    /// <summary>How kernels see a tensor by its number in the plan, in the current step.</summary>
    internal TensorStorage StorageAt(int number) => number switch
    {
        UpdatePlan.ParameterTensor => this.KeptParameter,
        UpdatePlan.GradientTensor => TensorStorage.Float32,
        _ => this.IsStateOfElements(number) ? this.KeptState : TensorStorage.Float32,
    };

    /// <summary>The key of the random bits with which a tensor is rounded in the current step.</summary>
    internal uint KeyOf(int number) => RandomBits.Key(this.plan.Storage.Seed, this.Step, this.number, number);

    /// <summary>Overwrites a tensor with numbers in the type of the arithmetic, and rounds as kernels do.</summary>
    /// <param name="number">The tensor's number in the plan.</param>
    /// <param name="value">The numbers.</param>
    /// <param name="again">Whether the tensor has been written to in the same step before.</param>
    internal void Keep(int number, Tensor value, bool again = false)
    {
        var tensor = this.TensorAt(number);
        switch (this.StorageAt(number))
        {
            case TensorStorage.StochasticBFloat16:
                using (var rounded = StochasticRounding.Round(value, this.KeyOf(again ? -number : number)))
                    tensor.copy_(rounded);
                break;
            case TensorStorage.MasterBFloat16 or TensorStorage.MasterFloat16:
                this.master!.copy_(value);
                tensor.copy_(this.master);
                break;
            default:
                tensor.copy_(value);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Initialize(OptimizerOptions options)
    {
        this.RequireLive();
        this.Step = 0;
        this.master?.copy_(this._parameter);
        for (var i = 0; i < this.plan.States.Count; i++)
            this.tensors[i].zero_();
        for (var k = 0; k < this.matrices.Length; k++)
        {
            this.matrices[k].Dispose();
            this.matrices[k] = this.plan.Matrices[k].Create(this._parameter, this.ParameterName);
        }
    }

    /// <inheritdoc/>
    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is ParameterState state
        && state.plan.Name == this.plan.Name
        && state.Step == this.Step
        && Enumerable.Range(0, this.plan.States.Count).All(i => this.tensors[i].allclose(state.tensors[i]))
        && (this.master is null || state.master is null ? this.master is null && state.master is null : this.master.allclose(state.master))
        && Enumerable.Range(0, this.matrices.Length).All(k => this.matrices[k].ApproximatelyEquals(state.matrices[k]));

    /// <inheritdoc/>
    public override void to(Device device)
    {
        this.RequireLive();
        using var off = AutogradOff.Enter();
        this.Device = device;
        this.Kernels = null;
        Array.Clear(this.addresses);
        this.Forget();
        for (var i = 0; i < this.tensors.Length; i++)
        {
            if (this.tensors[i] is { } tensor)
                this.tensors[i] = tensor.to(device, disposeAfter: true).DetachFromDisposeScope();
        }

        this.master = this.master?.to(device, disposeAfter: true).DetachFromDisposeScope();
        foreach (var matrix in this.matrices)
            matrix.To(device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        this.isDisposed = true;
        Array.Clear(this.addresses);
        this.Forget();
        foreach (var tensor in this.tensors)
            tensor?.Dispose();
        this.master?.Dispose();
        foreach (var matrix in this.matrices)
            matrix.Dispose();
    }

    /// <summary>What was found when the fused kernels last looked at parameter and gradient in full.</summary>
    private readonly record struct Facts(nint Address, nint GradientAddress, Backend Backend, nint Implementation, nint GradientImplementation);

    /// <summary>Whether a tensor is state with a number for each element. State of rows and columns is small, and kept in the type of the arithmetic.</summary>
    private bool IsStateOfElements(int number) => number < UpdatePlan.FirstState + this.plan.States.Count && this.plan.ExtentOf(number) == TensorExtent.Element;

    /// <summary>A tensor of zeros that no dispose scope owns. It is contiguous whatever the parameter is: a parameter may change its layout later, and kernels take it then.</summary>
    private Tensor NewTensor(int number)
    {
        var dtype = this.IsStateOfElements(number) ? this.StateType : this.ArithmeticType;
        var shape = TensorExtents.ShapeOf(this._parameter.shape, this.plan.ExtentOf(number));
        return zeros(shape, dtype: dtype, device: this._parameter.device).DetachFromDisposeScope();
    }
}
