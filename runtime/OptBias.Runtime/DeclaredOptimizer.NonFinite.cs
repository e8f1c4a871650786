using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>Gradients are looked at before anything is written, so that a step that is refused has changed nothing.</summary>
public abstract partial class DeclaredOptimizer
{
    private readonly FiniteScan scan = new();
    private readonly Checks checks = new();
    private readonly GradientPlaces places = new();

    /// <summary>
    /// What a step does if a gradient has an element that is NaN or infinite. <see cref="NonFiniteAction.Throw"/> unless set: a step
    /// that takes such an element loses it for ever, in several rules without a trace in the parameters.
    /// </summary>
    /// <remarks>
    /// <para>
    /// That a refused step changes nothing has a price: the gradients of all parameters are read before the first parameter is written.
    /// For AdamW in float32 that is 4 bytes beside 28 for each element; docs/performance.md has what was measured.
    /// <see cref="NonFiniteAction.Propagate"/> saves it.
    /// </para>
    /// <para>
    /// Numbers that a finite gradient leads to inside of a rule are not looked at: the square of 2e19 overflows in float32, and a
    /// parameter that is kept in float16 ends at 65504. Clip such gradients, or scale the loss. A skipped step still leaves zeros where
    /// gradients were if <see cref="ZerosGradients"/> says so; else they are as they were.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public NonFiniteAction OnNonFinite
    {
        get;
        set => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{this.plan.Name}: {nameof(this.OnNonFinite)} is {nameof(NonFiniteAction.Throw)}, {nameof(NonFiniteAction.SkipStep)} or {nameof(NonFiniteAction.Propagate)}.");
    }

    /// <summary>How many steps have been skipped since the optimizer was made, because <see cref="OnNonFinite"/> said so.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>Whether the step may be taken. Throws where it may not and is not to be skipped.</summary>
    private bool LookAtGradients()
    {
        var action = this.OnNonFinite;
        try
        {
            if (action != NonFiniteAction.Propagate && !this.AreFinite())
                throw new NonFiniteGradientFound();
            foreach (var (_, executor) in this.executors)
                executor.Check(action != NonFiniteAction.Propagate, this.checks);
            this.checks.Complete();
            return true;
        }
        catch (NonFiniteGradientFound) when (action == NonFiniteAction.SkipStep)
        {
            this.SkippedSteps++;
            if (this.ZerosGradients)
                this.ClearGradients();
            return false;
        }
        catch (NonFiniteGradientFound)
        {
            throw this.Refusal();
        }
        finally
        {
            this.checks.Clear();
        }
    }

    /// <summary>Takes a step along gradients that were looked at. Where that may still fail, what it changes is remembered.</summary>
    private void TakeStep()
    {
        using var before = this.Remember();
        try
        {
            foreach (var (_, executor) in this.executors)
                executor.Prepare();

            // A refused step leaves gradients as they were: they are cleared when none can come any more. So are those that several
            // parameters share: each parameter has to see them.
            var clearsAtOnce = this.ZerosGradients && before is null && !this.GradientsShareMemory();
            foreach (var (_, executor) in this.executors)
                executor.Run(clearsAtOnce, this.FlushesDenormals);
            if (this.ZerosGradients && !clearsAtOnce)
                this.ClearGradients();
        }
        catch
        {
            foreach (var (_, executor) in this.executors)
                executor.Undo();
            before?.Restore();
            throw;
        }
    }

    /// <summary>Whether some gradients may share memory, so that none may be cleared before all have been used.</summary>
    private bool GradientsShareMemory()
    {
        this.places.Clear();
        foreach (var group in this.groups)
        {
            foreach (var (state, _) in group.Members)
            {
                if (state.GradientHandle == 0)
                    continue;
                if (state.KnownGradient is not 0 and var known)
                {
                    this.places.Add(known, (nint)(state.ElementCount * StateStorage.SizeOf(state.DType)));
                    continue;
                }

                // The parameter's own, which is what is cleared, and not a copy that the step works on.
                using var own = state.Parameter.grad;
                if (own is not null)
                    this.places.Add(own);
            }
        }

        return this.places.Share();
    }

    private void ClearGradients()
    {
        foreach (var (_, executor) in this.executors)
            executor.ClearGradients();
    }

    /// <summary>What the step changes, as it is now, if it may still be refused; null if it cannot.</summary>
    private StepSnapshot? Remember()
    {
        var (early, learning, atTheEnd, matrices) = (false, false, false, 0);
        foreach (var (_, executor) in this.executors)
        {
            if (executor.Matrices == 0)
                continue;
            matrices += executor.Matrices;
            early |= executor.MayFailEarly;
            learning |= executor.MayFailWhenItLearns;
            atTheEnd |= executor.MayFailAtTheEnd;
        }

        if (!early && !learning && !atTheEnd)
            return null;
        var before = new StepSnapshot();
        foreach (var (_, executor) in this.executors)
        {
            // A stage that refuses what it is to learn from has not changed itself; others may have learnt before it.
            if (early || atTheEnd || matrices > 1)
                executor.RememberMatrices(before);
            if (learning || atTheEnd)
                executor.RememberElements(before, all: atTheEnd || this.executors.Count > 1);
        }

        return before;
    }

    /// <summary>Whether the gradients are finite as far as that can be seen here; those on a device are seen when the checks are completed.</summary>
    private bool AreFinite()
    {
        this.scan.Clear();
        foreach (var group in this.groups)
        {
            foreach (var (state, _) in group.Members)
            {
                if (state.GradientHandle != 0 && !this.Look(state))
                    return false;
            }
        }

        return this.scan.Run();
    }

    private bool Look(ParameterState state)
    {
        switch (RouteOf.OfGradient(state))
        {
            case Route.Simd when state.KnownGradient is not 0 and var known:
                this.scan.Add(known, state.ElementCount, state.DType);
                return true;
            case Route.Simd:
                var handle = state.GradientHandle;
                this.scan.Add(TorchNative.Data(handle), TorchNative.ElementCount(handle), (ScalarType)TorchNative.DType(handle));
                return true;
            case Route.Device:
                this.LookLater(state);
                return true;
            default:
                return IsFinite(state.Gradient);
        }
    }

    /// <summary>One reduction for each parameter, and one read for all: in float64 the sum of finite numbers overflows only where they are float64 themselves.</summary>
    private void LookLater(ParameterState state) => this.checks.Sums([state.Gradient], state, static (state, sums) =>
    {
        if (!double.IsFinite(sums[0]) && !IsFinite(state.Gradient))
            throw new NonFiniteGradientFound();
    });

    private static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.isfinite().all().cpu().item<bool>();
    }

    /// <summary>What there is to say of the first parameter whose gradient is not finite.</summary>
    private InvalidOperationException Refusal()
    {
        foreach (var group in this.groups)
        {
            foreach (var (state, executor) in group.Members)
            {
                if (state.GradientHandle == 0 || IsFinite(state.Gradient))
                    continue;
                var cause = this.CauseOf(state);
                return (InvalidOperationException?)executor.Refusal(state, cause) ?? cause;
            }
        }

        throw new InvalidOperationException($"{this.plan.Name}: a gradient was not finite when it was looked at, and is now: something else writes to the gradients during the step.");
    }

    private NonFiniteGradientException CauseOf(ParameterState state)
    {
        using var scope = NewDisposeScope();
        var places = state.Gradient.isfinite().logical_not().flatten().nonzero().flatten().cpu();
        var (rest, shape) = (places[0].item<long>(), state.Sizes);
        var index = new long[shape.Length];
        for (var k = shape.Length - 1; k >= 0; k--)
        {
            index[k] = rest % shape[k];
            rest /= shape[k];
        }

        return new NonFiniteGradientException(this.plan.Name, state.ParameterName, shape, places.NumberOfElements, index);
    }

    /// <summary>Ends the look at the gradients; never seen outside.</summary>
    private sealed class NonFiniteGradientFound : Exception;
}
