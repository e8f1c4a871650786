namespace OptBias.Optimizers;

/// <summary>
/// Cautious AdamW, Liang et al. 2024 (arXiv 2411.16085): drops the coordinates in which update and gradient disagree. The
/// paper's optional rescaling by the share of coordinates kept, a statistic of the whole tensor, is left out.
/// </summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-8)]
[Elementwise(nameof(Cautious))]
[WeightDecay(0.01)]
public sealed partial class CautiousAdamW
{
    private static float Cautious(float update, float gradient) => update * gradient > 0 ? update : 0;
}
