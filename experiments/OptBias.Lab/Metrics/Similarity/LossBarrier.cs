using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Loss barrier on the straight line between two solutions: max over α of L((1−α)θ₁ + αθ₂) − ((1−α)L(θ₁) + αL(θ₂)).
/// </summary>
/// <remarks>
/// Range [0, ∞), in units of the loss: 0 where the line runs through one basin. Align the units first (<see cref="PermutationMatching"/>),
/// or the barrier measures the order of the units. A loss that is not finite at an end: NaN; inside the line: ∞.
/// Source: Frankle et al., ICML 2020 (instability); Entezari et al., "The role of permutation invariance in linear mode connectivity", ICLR 2022, equation 1.
/// </remarks>
public static class LossBarrier
{
    /// <summary>Points on the line, both ends included, unless said otherwise.</summary>
    public const int DefaultPoints = 11;

    /// <summary>The barrier along a line.</summary>
    /// <param name="lossAt">The loss at α in [0, 1].</param>
    /// <param name="points">Number of equidistant points, both ends included; at least 3.</param>
    public static double Of(Func<double, double> lossAt, int points = DefaultPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 3);
        var (start, end) = (lossAt(0), lossAt(1));
        if (!double.IsFinite(start) || !double.IsFinite(end))
            return double.NaN;
        var barrier = 0.0;
        for (var i = 1; i < points - 1; i++)
        {
            var alpha = i / (points - 1.0);
            var loss = lossAt(alpha);
            barrier = Math.Max(barrier, double.IsFinite(loss) ? loss - (((1 - alpha) * start) + (alpha * end)) : double.PositiveInfinity);
        }

        return barrier;
    }

    /// <summary>The barrier between two sets of parameters of one model, which has its own parameters again afterwards.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="from">Values at α = 0, one tensor per parameter.</param>
    /// <param name="to">Values at α = 1.</param>
    /// <param name="loss">The loss of the model as it is.</param>
    /// <param name="points">Number of equidistant points.</param>
    public static double Between(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> from, IReadOnlyList<Tensor> to, Func<double> loss, int points = DefaultPoints)
    {
        if (parameters.Count != from.Count || parameters.Count != to.Count)
            throw new ArgumentException($"The model has {parameters.Count} parameters, the two ends {from.Count} and {to.Count}.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var saved = parameters.Select(p => p.clone()).ToArray();
        try
        {
            return Of(
                alpha =>
                {
                    using var inner = NewDisposeScope();
                    for (var i = 0; i < parameters.Count; i++)
                        parameters[i].copy_(from[i].Times(1 - alpha).Plus_(to[i], alpha));
                    return loss();
                },
                points);
        }
        finally
        {
            for (var i = 0; i < parameters.Count; i++)
                parameters[i].copy_(saved[i]);
        }
    }
}
