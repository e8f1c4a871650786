namespace OptBias.Optimizers;

/// <summary>
/// Adafactor, Shazeer and Stern 2018 (arXiv 1804.04235), without momentum: the second moment by rows and columns, updates clipped
/// by their root mean square, steps in units of the parameter. As in <c>torch.optim.Adafactor</c>, <c>lr</c> is the largest
/// relative step, and 1/√t the step where that is smaller; where torch floors v at the machine's epsilon, ε is added to g² as in
/// the paper.
/// </summary>
[Optimizer(LearningRate = 1e-2)]
[Diagonal(BetaSchedule = nameof(Beta2), Factored = true, Epsilon = 1e-30, EpsilonPlacement = EpsilonPlacement.InsideStatistic)]
[ClipByRootMeanSquare(1.0)]
[ScaleByParameter(1e-3)]
[Elementwise(nameof(Slow))]
[WeightDecay(0.0)]
public sealed partial class Adafactor
{
    /// <summary>1 − tᶜ: the first gradient counts whole, and the average grows longer with t.</summary>
    [PerStep]
    private static double Beta2(long step, [Hyper(-0.8, Maximum = 0, Description = "exponent c of the decay 1 − tᶜ")] double beta2Decay) => 1 - Math.Pow(step, beta2Decay);

    private static float Slow(float update, float relativeStep) => relativeStep * update;

    /// <summary>min(η, 1/√t) in units of η, which comes at the end.</summary>
    [PerStep]
    private static double RelativeStep(long step, double lr) => Math.Min(1, 1 / (lr * Math.Sqrt(step)));
}
