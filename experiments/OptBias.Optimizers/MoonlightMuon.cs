namespace OptBias.Optimizers;

/// <summary>Muon at the length of Adam's steps, for matrices; Liu et al. 2025, Moonlight (arXiv 2502.16982), equation 4.</summary>
[Optimizer(LearningRate = 1e-3)]
[HeavyBall(0.95, Nesterov = true)]
[Orthogonalize(Steps = 5)]
[Elementwise(nameof(Rescale))]
[WeightDecay(0.1)]
public sealed partial class MoonlightMuon
{
    /// <summary>An orthogonal matrix has a root mean square of 1 / √(longer side).</summary>
    private static double Rescale(double update, double rows, double columns) => 0.2 * Math.Sqrt(Math.Max(rows, columns)) * update;
}
