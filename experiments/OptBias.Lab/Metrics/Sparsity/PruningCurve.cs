using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>A point of a pruning curve.</summary>
/// <param name="Keep">The keep ratio asked for; the head keeps up to twice as much.</param>
/// <param name="Kept">The fraction of all prunable weights that is kept, head included.</param>
/// <param name="Accuracy">Accuracy of the pruned network, in [0, 1].</param>
public sealed record PruningPoint(double Keep, double Kept, double Accuracy);

/// <summary>Accuracy against the fraction of weights kept, each layer pruned by magnitude to the same ratio, the head to twice that.</summary>
/// <remarks>Source: Schwarz et al., "Powerpropagation", NeurIPS 2021; the twofold head as in Frankle and Carbin, ICLR 2019, where output layers are pruned at half the rate.</remarks>
public static class PruningCurve
{
    /// <summary>Keep ratios from <paramref name="smallest"/> to 1 with equal quotients, ascending.</summary>
    public static double[] KeepRatios(int points = 20, double smallest = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (smallest is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(smallest), smallest, "The smallest keep ratio lies in (0, 1).");
        var ratios = Enumerable.Range(0, points).Select(i => Math.Pow(smallest, 1 - (i / (points - 1.0)))).ToArray();
        ratios[^1] = 1;
        return ratios;
    }

    /// <summary>The keep ratio at which a fraction of all weights is kept, as the head keeps up to twice the ratio: 0.0999 for a tenth of an MLP.</summary>
    /// <param name="fraction">The fraction of all weights to keep, in (0, 1].</param>
    /// <param name="sizes">The number of weights of each tensor.</param>
    /// <param name="head">Index of the output layer among them, or −1 for none.</param>
    public static double KeepFor(double fraction, IReadOnlyList<long> sizes, int head)
    {
        if (fraction is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction to keep lies in (0, 1].");
        double all = sizes.Sum(), ofHead = head < 0 ? 0 : sizes[head];
        var keep = fraction * all / (all + ofHead);
        // From one half on the head is whole, and the others share what is left.
        return head >= 0 && keep > 0.5 ? ((fraction * all) - ofHead) / (all - ofHead) : keep;
    }

    /// <summary>Prunes the weights in place, measures, and puts them back, for every keep ratio.</summary>
    /// <param name="weights">The prunable tensors of the network: matrices and kernels, not biases.</param>
    /// <param name="head">Index of the output layer among them, or −1 for none.</param>
    /// <param name="accuracy">Accuracy of the network as it is, in [0, 1].</param>
    /// <param name="ratios">Keep ratios; <see cref="KeepRatios"/> of twenty points if null.</param>
    /// <returns>One point per ratio, in the order of the ratios.</returns>
    public static IReadOnlyList<PruningPoint> Measure(IReadOnlyList<Tensor> weights, int head, Func<double> accuracy, IReadOnlyList<double>? ratios = null)
    {
        if (weights.Count == 0)
            throw new ArgumentException("There are no weights to prune.");
        if (head < -1 || head >= weights.Count)
            throw new ArgumentOutOfRangeException(nameof(head), head, $"The head is one of the {weights.Count} weights, or -1.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var dense = weights.Select(w => w.detach().clone()).ToArray();
        double total = dense.Sum(w => w.numel());
        var curve = new List<PruningPoint>();
        try
        {
            foreach (var keep in ratios ?? KeepRatios())
            {
                using var inner = NewDisposeScope();
                var kept = 0.0;
                for (var i = 0; i < dense.Length; i++)
                {
                    var mask = MagnitudePruning.Mask(dense[i], Math.Min(1, i == head ? 2 * keep : keep));
                    kept += mask.sum().Number();
                    weights[i].copy_(dense[i] * mask);
                }

                curve.Add(new(keep, kept / total, accuracy()));
            }
        }
        finally
        {
            for (var i = 0; i < dense.Length; i++)
                weights[i].copy_(dense[i]);
        }

        return curve;
    }
}
