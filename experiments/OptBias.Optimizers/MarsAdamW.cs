namespace OptBias.Optimizers;

/// <summary>AdamW on gradients with a correction for their variance, from the gradient before; Yuan et al. 2024, MARS (arXiv 2411.10438), algorithm 2.</summary>
[Optimizer(LearningRate = 3e-3)]
[Elementwise(nameof(Correct))]
[Elementwise(nameof(Clip))]
[Elementwise(nameof(Adapt))]
[WeightDecay(0.01)]
public sealed partial class MarsAdamW
{
    private static double Correct(double gradient, double weight, ref double last)
    {
        var corrected = gradient + (weight * (gradient - last));
        last = gradient;
        return corrected;
    }

    [PerStep]
    private static double Weight(long step, double beta1, [Hyper(0.025, Minimum = 0)] double gamma) => step == 1 ? 0 : gamma * beta1 / (1 - beta1);

    /// <summary>To a norm of 1 at most.</summary>
    private static double Clip(double update, double squares) => squares > 1 ? update / Math.Sqrt(squares) : update;

    [Sum]
    private static double Squares(double update) => update * update;

    private static double Adapt(
        double update, double firstWeight, double secondWeight,
        [Hyper(0.95, Minimum = 0, Maximum = 1, ExcludesMaximum = true)] double beta1, [Hyper(0.99, Minimum = 0, Maximum = 1, ExcludesMaximum = true)] double beta2, [Hyper(1e-8, Minimum = 0)] double eps,
        ref double m, ref double v)
    {
        m = (beta1 * m) + ((1 - beta1) * update);
        v = (beta2 * v) + ((1 - beta2) * update * update);
        return m / firstWeight / (Math.Sqrt(v / secondWeight) + eps);
    }

    [PerStep]
    private static double FirstWeight(long step, double beta1) => 1 - Math.Pow(beta1, step);

    [PerStep]
    private static double SecondWeight(long step, double beta2) => 1 - Math.Pow(beta2, step);
}
