using OptBias.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>Who may use the optimizer when: one call at a time, and none after it has been disposed of.</summary>
public abstract partial class DeclaredOptimizer
{
    private const int Idle = 0;
    private const int InUse = 1;
    private const int Disposed = 2;
    private const int AtPoint = 3;

    private int condition;
    private string running = "";

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    public override StateDictionary state_dict()
    {
        this.RequireLive();
        return base.state_dict();
    }

    /// <summary>Begins a call that changes something.</summary>
    /// <param name="call">What it is called.</param>
    /// <exception cref="InvalidOperationException">Another one has not ended.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    private Use Enter(string call)
    {
        switch (Interlocked.CompareExchange(ref this.condition, InUse, Idle))
        {
            case InUse:
                throw this.IsBusy(call);
            case AtPoint:
                throw this.IsAtPoint(call);
            case Disposed:
                throw this.IsGone();
        }

        this.running = call;
        return new Use(this);
    }

    /// <summary>Begins the way back from the evaluation point, on whatever thread.</summary>
    private Use EnterFromPoint()
    {
        Volatile.Write(ref this.condition, InUse);
        this.running = nameof(this.AtEvaluationPoint);
        return new Use(this);
    }

    /// <summary>Begins the last call; returns false if that was made before.</summary>
    private bool EnterForGood() => Interlocked.CompareExchange(ref this.condition, Disposed, Idle) switch
    {
        InUse => throw this.IsBusy(nameof(this.Dispose)),
        AtPoint => throw this.IsAtPoint(nameof(this.Dispose)),
        Disposed => false,
        _ => true,
    };

    private void RequireLive()
    {
        if (Volatile.Read(ref this.condition) == Disposed)
            throw this.IsGone();
    }

    private InvalidOperationException IsBusy(string call) =>
        new($"{this.plan.Name}: {call} was called while {this.running} runs. An optimizer does one thing at a time: wait until the first call has ended, or give each thread an optimizer of its own.");

    private InvalidOperationException IsAtPoint(string call) =>
        new($"{this.plan.Name}: {call} was called at the evaluation point, where the parameters are not those that steps change. Dispose of what {nameof(this.AtEvaluationPoint)} returned first.");

    private ObjectDisposedException IsGone() => new(this.plan.Name, $"{this.plan.Name} has been disposed of, and its state with it. Make a new optimizer.");

    /// <summary>Whether a tensor has no element in memory for each of its numbers: sparse in any layout, or in a layout of a library's own.</summary>
    private static bool IsSparse(Tensor tensor) =>
        tensor.is_sparse || (tensor.device_type == DeviceType.CPU && tensor.NumberOfElements > 0 && TorchNative.Data(tensor.Handle) == 0);

    /// <summary>Refuses parameters that share elements in memory with each other.</summary>
    private void CheckSharedMemory(List<Parameter> added, List<string> names, string where)
    {
        var all = this.groups.SelectMany(static group => group.Members).Select(static member => (member.State.Parameter, Name: member.State.ParameterName))
            .Where(static member => !member.Parameter.IsInvalid)
            .Concat(added.Zip(names, static (parameter, name) => (Parameter: parameter, Name: name)))
            .ToArray();
        if (SharedMemory.FindPair(Array.ConvertAll(all, static member => (Tensor)member.Parameter)) is not var (first, second))
            return;
        throw new ArgumentException(
            $"{where}: {all[second].Name} shares memory with {all[first].Name}; what they share would be stepped twice. Give one parameter for the memory, or make one of them from a clone().");
    }

    /// <summary>Refuses a parameter whose type or device is not that of its state any more.</summary>
    private void CheckPlace(ParameterState state)
    {
        var parameter = state.Parameter;
        if (state.DType != state.MadeFor)
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: {state.ParameterName} is {state.DType} now, and its state was made for {state.MadeFor}: make the optimizer anew from parameters that changed their type.");
        }

        if (parameter.device_type != state.Device.type || parameter.device_index != state.Device.index)
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: {state.ParameterName} is on {parameter.device}, and its state on {state.Device}: move the state with to(device), as the parameter was.");
        }
    }

    /// <summary>A call that is under way.</summary>
    private readonly ref struct Use(DeclaredOptimizer optimizer)
    {
        public void Dispose()
        {
            // A call that ends at the evaluation point has said so.
            if (Volatile.Read(ref optimizer.condition) == InUse)
                Volatile.Write(ref optimizer.condition, Idle);
        }

        /// <summary>Lets the call end at the evaluation point.</summary>
        public void StayAtPoint() => Volatile.Write(ref optimizer.condition, AtPoint);
    }
}
