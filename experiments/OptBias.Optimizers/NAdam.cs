namespace OptBias.Optimizers;

/// <summary>
/// NAdam, Dozat 2016 (Incorporating Nesterov Momentum into Adam), with the momentum schedule μ of <c>torch.optim.NAdam</c>.
/// </summary>
[Optimizer(LearningRate = 2e-3)]
[Momentum(0.9, BiasCorrection = false)]
[Elementwise(nameof(LookAhead))]
[Diagonal(0.999, Epsilon = 1e-8)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
public sealed partial class NAdam
{
    private static double LookAhead(double update, double gradient, double gradientWeight, double momentumWeight) =>
        (gradientWeight * gradient) + (momentumWeight * update);

    [PerStep]
    private static double GradientWeight(long step, double beta1, [Hyper(4e-3, Minimum = 0, Description = "how fast the momentum grows to β₁")] double momentumDecay) =>
        (1 - Mu(step, beta1, momentumDecay)) / (1 - ProductOfMu(step, beta1, momentumDecay));

    [PerStep]
    private static double MomentumWeight(long step, double beta1, double momentumDecay) =>
        Mu(step + 1, beta1, momentumDecay) / (1 - ProductOfMu(step + 1, beta1, momentumDecay));

    private static double Mu(long step, double beta1, double momentumDecay) => beta1 * (1 - (0.5 * Math.Pow(0.96, step * momentumDecay)));

    /// <summary>μ₁ μ₂ ... μₜ, as far as it shows beside 1.</summary>
    private static double ProductOfMu(long step, double beta1, double momentumDecay)
    {
        var product = 1.0;
        for (var i = 1L; i <= step && product > 1e-18; i++)
            product *= Mu(i, beta1, momentumDecay);
        return product;
    }
}
