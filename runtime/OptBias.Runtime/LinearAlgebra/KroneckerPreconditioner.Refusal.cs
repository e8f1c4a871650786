using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>How a step is refused before it has changed anything.</summary>
public sealed partial class KroneckerPreconditioner
{
    /// <summary>Sums of squares below which no factor overflows: one that is finite stays so, since what is added is less than half of its last place.</summary>
    private const double HarmlessSquares = 1e290;

    /// <summary>Roots with an epsilon at least as large whiten no finite float32 gradient to something whose squares overflow.</summary>
    private const double HarmlessEpsilon = 1e-150;

    /// <summary>The sum of the squares of the gradient of the step that has begun, where it was looked at together with others.</summary>
    private double? checkedSquares;

    /// <summary>The sum of the squares of the gradient that is learnt from; NaN while a device has not said it.</summary>
    private double squares;

    /// <summary>The epsilon of the roots; NaN where they were loaded, or are not there yet.</summary>
    private double rootEpsilon = double.NaN;

    /// <summary>Whether one more failed refresh is an error, or whitening may overflow.</summary>
    internal bool MayFail => this.HasFailedOften || this.MayOverflowWhitened(this.squares);

    bool IMayFail.MayFailEarly =>
        this.HasFailedOften
        || (this.checkedSquares is { } squares && (squares >= HarmlessSquares || this.MayOverflowWhitened(squares)));

    bool IMayFail.MayFailLate => false;

    private bool HasFailedOften
    {
        get
        {
            foreach (var block in this.blocks)
            {
                if (block.Failures >= MaxFailures)
                    return true;
            }

            return false;
        }
    }

    /// <summary>What whitening makes of a gradient has no bound that is known beforehand.</summary>
    private bool MayOverflowWhitened(double squares) =>
        this.settings.Statistic != KroneckerStatistic.Shampoo && (squares > 1e150 || (this.LastRefresh > 0 && !(this.rootEpsilon >= HarmlessEpsilon)));

    void IChecksGradient.Check(Tensor gradient, bool isLearntFrom, bool isFinite, Checks checks)
    {
        this.checkedSquares = null;
        if (this.elements == 0)
            return;

        // Squares of finite numbers of float32 and less do not overflow in float64, and neither does the sum of as many as memory holds.
        if (!isFinite || gradient.dtype == ScalarType.Float64)
            checks.Squares(gradient, (Owner: this, Gradient: gradient, IsLearntFrom: isLearntFrom), static (about, numbers) => about.Owner.Note(about.Owner.Finite(numbers[0], about.Gradient), about.IsLearntFrom));
        else
            this.Note(0, isLearntFrom);
    }

    PreconditionerException? IChecksGradient.Refusal(Tensor gradient, NonFiniteGradientException cause)
    {
        if (this.elements == 0)
            return null;
        using var noGradient = AutogradOff.Enter();
        return this.Problem(this.NotFiniteBlock(gradient), $"the gradient has {cause.Finding}; its factors would not be finite.", cause);
    }

    /// <summary>Asks for what <see cref="RequireFiniteFactors"/> wants to know, unless <see cref="IChecksGradient.Check"/> has found it.</summary>
    internal void Look(Tensor gradient, Checks checks)
    {
        this.squares = this.checkedSquares ?? double.NaN;
        this.checkedSquares = null;
        if (double.IsNaN(this.squares))
            checks.Squares(gradient, (Owner: this, Gradient: gradient), static (about, numbers) => about.Owner.squares = about.Owner.Finite(numbers[0], about.Gradient));
        if (this.settings.Statistic != KroneckerStatistic.Shampoo || this.squares < HarmlessSquares)
            return;
        foreach (var block in this.blocks)
            checks.Traces(block.Factors.AsSpan(0, 1), block, static (block, traces) => block.Trace = traces[0]);
    }

    /// <summary>Refuses a gradient that would make a factor overflow. A factor of Gram matrices has no entry beyond its trace, and all factors of a block have the same.</summary>
    internal void RequireFiniteFactors(in KroneckerUpdate update)
    {
        if (this.settings.Statistic != KroneckerStatistic.Shampoo || this.squares < HarmlessSquares)
            return;
        foreach (var block in this.blocks)
        {
            if (!double.IsFinite((update.Decay * block.Trace) + (update.Weight * this.squares)))
                throw this.Overflow(block);
        }
    }

    /// <summary>Refuses factors that are not finite, where that was not known before they were accumulated.</summary>
    internal void RequireFiniteWhitened(Checks checks)
    {
        if (this.settings.Statistic == KroneckerStatistic.Shampoo)
            return;
        foreach (var block in this.blocks)
        {
            checks.Traces(block.Factors, (Owner: this, Block: block), static (about, traces) =>
            {
                foreach (var trace in traces)
                {
                    if (!double.IsFinite(trace))
                        throw about.Owner.Overflow(about.Block);
                }
            });
        }
    }

    private void Note(double squares, bool isLearntFrom)
    {
        if (isLearntFrom)
            this.checkedSquares = squares;
    }

    private double Finite(double squares, Tensor gradient)
    {
        if (double.IsFinite(squares))
            return squares;
        using var noGradient = AutogradOff.Enter();
        throw this.Problem(this.NotFiniteBlock(gradient), "the gradient has NaN or infinite entries, or entries whose squares are too large for float64; its factors would not be finite.");
    }

    private KroneckerBlock NotFiniteBlock(Tensor gradient) => this.blocks.FirstOrDefault(block => !block.HasFiniteSquares(gradient)) ?? this.blocks[0];

    private PreconditionerException Overflow(KroneckerBlock block) =>
        this.Problem(block, "a factor would not be finite any more: its gradients were too large. Lower the learning rate or clip the gradient.");

    private PreconditionerException Problem(KroneckerBlock block, string problem, Exception? cause = null) => new(this.name, block.Place.ToString(), problem, cause);
}
