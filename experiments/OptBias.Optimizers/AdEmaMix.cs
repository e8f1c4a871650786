namespace OptBias.Optimizers;

/// <summary>
/// AdEMAMix, Pagliardini, Ablin and Grangier 2024 (arXiv 2409.03137): Adam whose numerator mixes a fast and a very slow
/// average. Over <c>warmup</c> steps (0: none) α grows from 0 and the half-life of the slow average from that of the fast one.
/// </summary>
[Optimizer]
[Momentum(0.9)]
[Elementwise(nameof(AddSlow))]
[Diagonal(0.999, Epsilon = 1e-8)]
[WeightDecay(0.0)]
public sealed partial class AdEmaMix
{
    private static double AddSlow(double update, double gradient, ref double slowMomentum, double slowRate, double slowWeight)
    {
        slowMomentum = (slowRate * slowMomentum) + ((1 - slowRate) * gradient);
        return update + (slowWeight * slowMomentum);
    }

    [PerStep]
    private static double SlowWeight(long step, [Hyper(2.0, Minimum = 0, Description = "weight of the slow average")] double alpha, [Hyper(0, Minimum = 0, Description = "steps until the slow average has its full weight and length")] double warmup) =>
        step < warmup ? alpha * step / warmup : alpha;

    /// <summary>Rates between β₁ and β₃ whose half-lives grow linearly (the paper's appendix A.1).</summary>
    [PerStep]
    private static double SlowRate(long step, double beta1, [Hyper(0.9999, Minimum = 0, Maximum = 1, ExcludesMaximum = true, Description = "decay rate of the slow average")] double beta3, double warmup)
    {
        if (step >= warmup)
            return beta3;
        var (start, end, done) = (Math.Log(Math.Max(beta1, 1e-8)), Math.Log(Math.Max(beta3, 1e-8)), step / warmup);
        return Math.Exp(start * end / (((1 - done) * end) + (done * start)));
    }
}
