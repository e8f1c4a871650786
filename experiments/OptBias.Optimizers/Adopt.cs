namespace OptBias.Optimizers;

/// <summary>
/// ADOPT, Taniguchi et al. 2024 (arXiv 2411.02853), clipped as in its reference code: the gradient is divided by the second
/// moment of the steps before it, and only then averaged. The first step sets the second moment and moves nothing.
/// </summary>
[Optimizer]
[Elementwise(nameof(Normalize))]
[Momentum(0.9, BiasCorrection = false)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
public sealed partial class Adopt
{
    private static double Normalize(
        double gradient,
        ref double secondMoment,
        [Hyper(0.9999, Minimum = 0, Maximum = 1, ExcludesMaximum = true, Description = "decay rate of the second moment")] double beta2,
        [Hyper(1e-6, Minimum = 0, ExcludesMinimum = true, Description = "smallest denominator")] double eps,
        double clip)
    {
        if (clip == 0)
        {
            secondMoment = gradient * gradient;
            return 0;
        }

        var normalized = Math.Clamp(gradient / Math.Max(Math.Sqrt(secondMoment), eps), -clip, clip);
        secondMoment = (beta2 * secondMoment) + ((1 - beta2) * gradient * gradient);
        return normalized;
    }

    [PerStep]
    private static double Clip(long step) => Math.Pow(step - 1, 0.25);
}
