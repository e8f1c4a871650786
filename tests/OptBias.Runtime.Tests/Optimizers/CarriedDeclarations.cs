namespace OptBias.Runtime.Tests;

/// <summary>
/// Prodigy (Mishchenko and Defazio 2023, arXiv 2306.06101, algorithm 4, without weight decay and bias correction): the distance to the solution is
/// estimated from sums over all parameters, and carried from step to step.
/// </summary>
[Optimizer(LearningRate = 1)]
[Elementwise(nameof(Adapt))]
public sealed partial class EstimatedDistance
{
    private static double Adapt(double gradient, double parameter, double before, double distance, double isFirst, ref double start, ref double m, ref double v, ref double s)
    {
        start = isFirst > 0 ? parameter : start;
        var scaled = before * gradient;
        m = (0.9 * m) + (0.1 * scaled);
        v = (0.999 * v) + (0.001 * scaled * scaled);
        s = (Math.Sqrt(0.999) * s) + ((1 - Math.Sqrt(0.999)) * before * scaled);
        return distance * m / (Math.Sqrt(v) + (distance * 1e-8));
    }

    [Sum(Over = SumOver.AllParameters)]
    private static double Aligned(double gradient, double parameter, double start, double isFirst) => isFirst > 0 ? 0 : gradient * (start - parameter);

    [Sum(Over = SumOver.AllParameters)]
    private static double Size(double gradient, double s, double before) => Math.Abs((Math.Sqrt(0.999) * s) + ((1 - Math.Sqrt(0.999)) * before * before * gradient));

    [PerStep]
    private static double IsFirst(long step) => step == 1 ? 1 : 0;

    [PerStep]
    private static double Before(long step, double d, [Hyper(1e-3, Minimum = 0, ExcludesMinimum = true)] double d0) => step == 1 ? d0 : d;

    [PerStep]
    private static double Distance(long step, ref double d, ref double numerator, double aligned, double size, double d0)
    {
        var before = step == 1 ? d0 : d;
        numerator = (Math.Sqrt(0.999) * numerator) + ((1 - Math.Sqrt(0.999)) * before * before * aligned);
        return d = size > 0 ? Math.Max(before, numerator / size) : before;
    }
}

/// <summary>A number for each parameter: the largest norm of its gradient so far, and how often it grew.</summary>
[Optimizer(LearningRate = 0.1)]
[Elementwise(nameof(Scale))]
[Momentum(0.5)]
public sealed partial class LargestNorm
{
    private static double Scale(double update, double factor) => update * factor;

    [Sum]
    private static double Squares(double update) => update * update;

    [PerStep]
    private static double Factor(long step, ref double largest, double squares, ref double growths, [Hyper(0.5)] double share)
    {
        growths += squares > largest ? 1 : 0;
        largest = Math.Max(largest, squares);
        return (share + (1 / step) + (0.1 * growths)) / Math.Sqrt(1e-12 + largest);
    }
}
