namespace OptBias;

/// <summary>
/// Layerwise trust ratio: <c>u ← κ ‖θ‖ / ‖u‖ · u</c>, norms taken for each tensor; where one of them is zero, u passes as it is.
/// Below a <see cref="DiagonalAttribute"/> and a <see cref="WeightDecayAttribute"/> it makes LAMB, above a
/// <see cref="HeavyBallAttribute"/> LARS.
/// </summary>
/// <remarks>Source: You, Gitman and Ginsburg 2017 (arXiv 1708.03888); You et al. 2020 (arXiv 1904.00962), algorithm 2.</remarks>
public sealed class TrustRatioAttribute : StageAttribute
{
    /// <summary>Default of the hyperparameter <c>trust_coefficient</c>, κ, in (0, ∞). 1 unless set.</summary>
    public double Coefficient { get; set; } = 1;
}
