namespace OptBias.Optimizers;

/// <summary>
/// Utility-based gradient descent for continual learning, after UPGD, Elsayed and Mahmood 2024 (arXiv 2404.00781): a weight
/// moves the less, the more useful it has been, its utility being the first-order change of the loss without it, −g θ, averaged.
/// Implemented is the protecting rule for weights without its noise, and with utilities scaled by the hyperparameter
/// <c>utility_scale</c> where the paper divides by the largest one of the network.
/// </summary>
[Optimizer(LearningRate = 0.01)]
[Elementwise(nameof(Protect))]
[WeightDecay(0.0)]
public sealed partial class Upgd
{
    private static double Protect(
        double update,
        double gradient,
        double parameter,
        ref double utility,
        [Hyper(0.999, Minimum = 0, Maximum = 1, ExcludesMaximum = true, Description = "decay rate of the utility")] double utilityBeta,
        [Hyper(1e-3, Minimum = 0, ExcludesMinimum = true, Description = "utility that is protected by half and a little more")] double utilityScale,
        double gathered)
    {
        utility = (utilityBeta * utility) - ((1 - utilityBeta) * gradient * parameter);
        return update * (1 - Sigmoid(utility / gathered / utilityScale));
    }

    private static double Sigmoid(double x) => 0.5 * (1 + Math.Tanh(0.5 * x));

    /// <summary>1 − βᵗ, the weight that the average has gathered.</summary>
    [PerStep]
    private static double Gathered(long step, double utilityBeta) => 1 - Math.Pow(utilityBeta, step);
}
