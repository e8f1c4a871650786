namespace OptBias.Optimizers;

/// <summary>RAdam, Liu et al. 2020 (arXiv 1908.03265): Adam once the variance of its adaptive rate is tractable, and rectified by it.</summary>
[Optimizer]
[Momentum(0.9)]
[Elementwise(nameof(Rectify))]
[WeightDecay(0.0, Mode = DecayMode.L2)]
public sealed partial class RAdam
{
    private static double Rectify(
        double update,
        double gradient,
        ref double secondMoment,
        [Hyper(0.999, Minimum = 0, Maximum = 1, ExcludesMaximum = true, Description = "decay rate of the second moment")] double beta2,
        [Hyper(1e-8, Minimum = 0, Description = "term added to the denominator")] double eps,
        double rectification)
    {
        secondMoment = (beta2 * secondMoment) + ((1 - beta2) * gradient * gradient);
        return rectification > 0 ? rectification * update / (Math.Sqrt(secondMoment) + eps) : update;
    }

    /// <summary>r √(1 − β₂ᵗ) with the paper's r; 0 while the approximated simple moving average is 5 steps long or less.</summary>
    [PerStep]
    private static double Rectification(long step, double beta2)
    {
        var correction = 1 - Math.Pow(beta2, step);
        var longest = (2 / (1 - beta2)) - 1;
        var length = longest - (2 * step * Math.Pow(beta2, step) / correction);
        return length > 5
            ? Math.Sqrt(correction * (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
            : 0;
    }
}
