namespace OptBias.Optimizers;

/// <summary>Adam with one second moment for each output neuron, a row; Zhang et al. 2024 (arXiv 2406.16793).</summary>
[Optimizer(LearningRate = 1e-3)]
[Elementwise(nameof(Adapt))]
[WeightDecay(0.1)]
public sealed partial class AdamMini
{
    private static double Adapt(
        double gradient, double squares, double columns, double firstWeight, double secondWeight,
        [Hyper(0.9, Minimum = 0, Maximum = 1, ExcludesMaximum = true)] double beta1, [Hyper(0.95, Minimum = 0, Maximum = 1, ExcludesMaximum = true)] double beta2, [Hyper(1e-8, Minimum = 0)] double eps,
        ref double m, [PerRow] ref double v)
    {
        m = (beta1 * m) + ((1 - beta1) * gradient);
        v = (beta2 * v) + ((1 - beta2) * squares / columns);
        return m / firstWeight / (Math.Sqrt(v / secondWeight) + eps);
    }

    [Sum(Over = SumOver.EachRow)]
    private static double Squares(double gradient) => gradient * gradient;

    [PerStep]
    private static double FirstWeight(long step, double beta1) => 1 - Math.Pow(beta1, step);

    [PerStep]
    private static double SecondWeight(long step, double beta2) => 1 - Math.Pow(beta2, step);
}
