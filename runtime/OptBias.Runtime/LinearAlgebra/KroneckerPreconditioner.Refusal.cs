using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>How a step is refused before it has changed anything.</summary>
public sealed partial class KroneckerPreconditioner
{
    /// <summary>Sums of squares below which no factor overflows: one that is finite stays so, since what is added is less than half of its last place.</summary>
    internal const double HarmlessSquares = 1e290;

    /// <summary>Roots with an epsilon at least as large whiten no finite float32 gradient to something whose squares overflow.</summary>
    private const double HarmlessEpsilon = 1e-150;

    /// <summary>The sum of the squares of the gradient of the step that has begun, where it was looked at together with others.</summary>
    private double? checkedSquares;

    /// <summary>The epsilon of the roots; NaN where they were loaded, or are not there yet.</summary>
    private double rootEpsilon = double.NaN;

    /// <summary>Whether one more failed refresh is an error, or whitening may overflow.</summary>
    internal bool MayFail => this.HasFailedOften || this.MayOverflowWhitened(this.lastSquares);

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

    void IChecksGradient.Check(Tensor gradient, bool isLearntFrom, bool isFinite, DeferredChecks checks)
    {
        this.checkedSquares = null;
        if (this.elements == 0)
            return;

        // Squares of finite numbers of float32 and less do not overflow in float64, and neither does the sum of as many as memory holds.
        if (isFinite && gradient.dtype != ScalarType.Float64)
            this.Note(0, isLearntFrom);
        else if (DeviceReads.Waits(gradient))
            this.CheckLater(gradient, isLearntFrom, checks);
        else
            this.Note(this.SquaresOf(gradient), isLearntFrom);
    }

    private void CheckLater(Tensor gradient, bool isLearntFrom, DeferredChecks checks) =>
        checks.Add(
            numbers => this.Note(double.IsFinite(numbers[0]) ? numbers[0] : throw this.NotFinite(gradient), isLearntFrom),
            Arguments.Squares(gradient, ScalarType.Float64));

    private void Note(double squares, bool isLearntFrom)
    {
        if (isLearntFrom)
            this.checkedSquares = squares;
    }

    PreconditionerException? IChecksGradient.Refusal(Tensor gradient, NonFiniteGradientException cause)
    {
        if (this.elements == 0)
            return null;
        using var noGradient = AutogradOff.Enter();
        var block = this.blocks.FirstOrDefault(block => !block.HasFiniteSquares(gradient)) ?? this.blocks[0];
        return new PreconditionerException(this.name, block.Place.ToString(), $"the gradient has {cause.Finding}; its factors would not be finite.", cause);
    }

    /// <summary>What <see cref="IChecksGradient.Check"/> has found, for one use.</summary>
    private double? TakeChecked()
    {
        var squares = this.checkedSquares;
        this.checkedSquares = null;
        return squares;
    }

    private double SquaresOf(Tensor gradient)
    {
        var squares = Arguments.SumOfSquares(gradient);
        return double.IsFinite(squares) ? squares : throw this.NotFinite(gradient);
    }

    private PreconditionerException NotFinite(Tensor gradient)
    {
        using var noGradient = AutogradOff.Enter();
        return this.NotFinite(this.blocks.FirstOrDefault(block => !block.HasFiniteSquares(gradient)) ?? this.blocks[0]);
    }

    private PreconditionerException NotFinite(KroneckerBlock block) =>
        new(this.name, block.Place.ToString(), "the gradient has NaN or infinite entries, or entries whose squares are too large for float64; its factors would not be finite.");
}
