using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>
/// As long as it is not disposed of, an optimizer's parameters are at the point at which one evaluates:
/// <see cref="DeclaredOptimizer.AtEvaluationPoint"/>. Its end puts them back, bit for bit.
/// </summary>
public sealed class EvaluationScope : IDisposable
{
    private readonly DeclaredOptimizer optimizer;
    private readonly List<Moved> moved = [];
    private int isOver;

    internal EvaluationScope(DeclaredOptimizer optimizer) => this.optimizer = optimizer;

    /// <summary>Puts the parameters back, and lets the optimizer take steps again. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A parameter was replaced or reshaped meanwhile, so that its value cannot be put back. All others have been.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref this.isOver, 1) == 0)
            this.optimizer.LeaveEvaluationPoint(this);
    }

    /// <summary>Takes copies of what the way to the point overwrites.</summary>
    internal void Keep(ParameterState state) =>
        this.moved.Add(new(state, CopyOf(state.Parameter), state.Master is { } master ? CopyOf(master) : null));

    /// <summary>Puts everything back that is still there, and forgets the copies.</summary>
    /// <returns>What could not be put back.</returns>
    internal List<string> Restore()
    {
        using var off = AutogradOff.Enter();
        var lost = new List<string>();
        foreach (var (state, parameter, master) in this.moved)
        {
            if (state.Parameter.IsInvalid || !TorchNative.HasShape(state.Parameter.Handle, state.Sizes))
                lost.Add(state.ParameterName);
            else
                state.Parameter.copy_(parameter);
            if (master is not null)
                state.Master!.copy_(master);
            parameter.Dispose();
            master?.Dispose();
        }

        this.moved.Clear();
        return lost;
    }

    private static Tensor CopyOf(Tensor tensor) => tensor.clone().DetachFromDisposeScope();

    private readonly record struct Moved(ParameterState State, Tensor Parameter, Tensor? Master);
}
