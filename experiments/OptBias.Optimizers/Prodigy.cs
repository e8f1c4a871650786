namespace OptBias.Optimizers;

/// <summary>Adam that estimates its own step size from the distance to the start; Mishchenko and Defazio 2023 (arXiv 2306.06101), algorithm 4.</summary>
[Optimizer(LearningRate = 1)]
[Elementwise(nameof(Adapt))]
[WeightDecay(0)]
public sealed partial class Prodigy
{
    private const double Decay = 0.99949987493746; // √0.999

    private static double Adapt(double gradient, double parameter, double distance, double weight, double isFirst, ref double start, ref double m, ref double v, ref double s)
    {
        start = isFirst > 0 ? parameter : start;
        m = (0.9 * m) + (0.1 * distance * gradient);
        v = (0.999 * v) + (0.001 * distance * distance * gradient * gradient);
        s = (Decay * s) + (weight * gradient);
        return distance * m / (Math.Sqrt(v) + (distance * 1e-8));
    }

    [Sum(Over = SumOver.AllParameters)]
    private static double Aligned(double gradient, double parameter, double start, double isFirst) => isFirst > 0 ? 0 : gradient * (start - parameter);

    [Sum(Over = SumOver.AllParameters)]
    private static double Size(double gradient, double s, double weight) => Math.Abs((Decay * s) + (weight * gradient));

    [PerStep]
    private static double IsFirst(long step) => step == 1 ? 1 : 0;

    /// <summary>(1 − √β₂) γ d².</summary>
    [PerStep]
    private static double Weight(long step, double lr, double d, double d0)
    {
        var now = step == 1 ? d0 : d;
        return (1 - Decay) * lr * now * now;
    }

    /// <summary>The estimate of this step, which hands the next one on.</summary>
    [PerStep]
    private static double Distance(
        long step, double lr, double aligned, double size, [Hyper(1e-6, Minimum = 0, ExcludesMinimum = true)] double d0, ref double d, ref double numerator)
    {
        var now = step == 1 ? d0 : d;
        numerator = (Decay * numerator) + ((1 - Decay) * lr * now * now * aligned);
        d = size > 0 ? Math.Max(now, numerator / size) : now;
        return now;
    }
}
