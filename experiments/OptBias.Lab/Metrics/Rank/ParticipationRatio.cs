using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Participation ratio of the covariance's eigenvalues: (Σλᵢ)² / Σλᵢ².</summary>
/// <remarks>
/// Range [1, min(n − 1, d)]: r equal variances give r. Centred, unlike the other two ranks. Activity that does not vary
/// (also: one example): 0. A NaN or an infinity anywhere: NaN.
/// Source: Gao et al., "A theory of multineuronal dimensionality, dynamics and measurement", bioRxiv 214262.
/// </remarks>
public static class ParticipationRatio
{
    /// <summary>The participation ratio of a representation [n examples, d units].</summary>
    public static double Of(Tensor h) => Measure.Matrix(h, x =>
    {
        // Σλ and Σλ² are the trace and the squared Frobenius norm of the covariance: no decomposition is needed.
        var centred = x - x.mean([0], keepdim: true);
        // A constant column leaves its rounding behind, which is no variance.
        var floor = x.abs().max().Number() * 1e-12;
        centred = where(centred.abs().IsAtMost(floor), zeros_like(centred), centred);
        var gram = x.shape[1] <= x.shape[0] ? centred.t().matmul(centred) : centred.matmul(centred.t());
        var trace = gram.trace().Number();
        return trace == 0 ? 0 : trace * trace / gram.Squared().sum().Number();
    });
}
