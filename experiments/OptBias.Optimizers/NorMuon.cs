namespace OptBias.Optimizers;

/// <summary>Muon whose rows are normalised by an average for each row, for matrices; Li et al. 2025 (arXiv 2510.05491), algorithm 1.</summary>
[Optimizer(LearningRate = 1e-3)]
[Momentum(0.95, BiasCorrection = false)]
[Orthogonalize(Steps = 5)]
[Elementwise(nameof(Normalize))]
[Elementwise(nameof(Rescale))]
[WeightDecay(0.1)]
public sealed partial class NorMuon
{
    private static double Normalize(
        double update, double power, double columns, [Hyper(0.95, Minimum = 0, Maximum = 1)] double beta2, [Hyper(1e-8, Minimum = 0)] double eps, [PerRow] ref double v)
    {
        v = (beta2 * v) + ((1 - beta2) * power / columns);
        return update / (Math.Sqrt(v) + eps);
    }

    [Sum(Over = SumOver.EachRow)]
    private static double Power(double update) => update * update;

    /// <summary>To a root mean square of 0.2, that of Adam's steps.</summary>
    private static double Rescale(double update, double squares, double elements) => 0.2 * update * Math.Sqrt(elements / squares);

    [Sum]
    private static double Squares(double update) => update * update;
}
