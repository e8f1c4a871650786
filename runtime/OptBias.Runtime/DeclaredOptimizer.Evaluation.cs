using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>The point at which one evaluates.</summary>
public abstract partial class DeclaredOptimizer
{
    /// <summary>
    /// Puts the parameters to the point at which one evaluates, until what this returns is disposed of; then they are what they were, bit
    /// for bit, also where an exception ends the block. A model that is saved inside is saved at that point.
    /// </summary>
    /// <returns>To be disposed of, best by <c>using (optimizer.AtEvaluationPoint()) { ... }</c>.</returns>
    /// <remarks>
    /// <para>
    /// The point is what <see cref="EvaluateAtAttribute"/> says. That of a rule without one is the parameter itself, as is that of a parameter that
    /// has taken no step yet: then nothing moves, so that a training loop may ask any optimizer. A composite asks each parameter's own rule.
    /// </para>
    /// <para>
    /// Inside, the optimizer does nothing else: a step would start from the wrong place, a checkpoint would hold the
    /// state of one point beside the model of another. What is written to parameters inside is lost. It takes a copy of each
    /// parameter that moves, and a pass over memory there and back.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The parameters are there already; a parameter was replaced, reshaped or moved after the optimizer was made; the optimizer is in use by another call. Nothing has changed then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter has been set to a value that is out of its range. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    public EvaluationScope AtEvaluationPoint()
    {
        var scope = new EvaluationScope(this);
        using var use = this.Enter(nameof(this.AtEvaluationPoint));
        using var off = AutogradOff.Enter();
        this.RequireNoOpenLoad();
        foreach (var (_, executor) in this.executors)
            executor.Begin();
        try
        {
            this.GatherForEvaluation();
            foreach (var (_, executor) in this.executors)
                executor.Evaluate(scope);
        }
        catch
        {
            scope.Restore();
            throw;
        }
        finally
        {
            foreach (var (_, executor) in this.executors)
                executor.Begin();
        }

        use.StayAtPoint();
        return scope;
    }

    /// <summary>Ends a stay at the evaluation point.</summary>
    internal void LeaveEvaluationPoint(EvaluationScope scope)
    {
        using var use = this.EnterFromPoint();
        if (scope.Restore() is { Count: > 0 } lost)
        {
            throw new InvalidOperationException(
                $"{this.plan.Name}: {string.Join(", ", lost)} no longer exists, or has another shape, and cannot be put back from the evaluation point; all others have been. module.to(...) replaces a module's parameters: move the module before {nameof(this.AtEvaluationPoint)} or after it, not between.");
        }
    }

    /// <summary>Looks at every parameter that has a point of its own, before anything changes.</summary>
    private void GatherForEvaluation()
    {
        for (var number = 0; number < this.groups.Count; number++)
        {
            this.HandOut((DeclaredOptions)this._parameter_groups[number].Options, number);
            foreach (var (state, executor) in this.groups[number].Members)
            {
                // State is zero before the first step, and a point that is made of it would be too.
                if (state.Route.Plan.Evaluation is null || state.Step == 0)
                    continue;
                this.RequireParameter(state, number);
                var handle = state.Parameter.Handle;
                this.CheckShape(state, handle);
                state.Forget();
                state.DType = (ScalarType)TorchNative.DType(handle);
                this.CheckPlace(state);
                executor.Add(state, number, this.TakeRoute(state, handle, state.DType));
            }
        }
    }
}
