using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Fraction of the examples for which two networks predict different classes.</summary>
/// <remarks>
/// Range [0, 1]. Two networks with error rates e₁ and e₂ disagree on at least |e₁ − e₂|. A NaN in either: NaN, as a diverged network predicts nothing.
/// Source: Fort, Hu and Lakshminarayanan, "Deep ensembles: a loss landscape perspective", arXiv 1912.02757.
/// </remarks>
public static class PredictionDisagreement
{
    /// <summary>The disagreement of two networks.</summary>
    /// <param name="first">Logits [n examples, classes].</param>
    /// <param name="second">The other network's logits for the same examples, same shape.</param>
    /// <exception cref="ArgumentException">Not matrices of the same shape.</exception>
    public static double Of(Tensor first, Tensor second)
    {
        if (!first.shape.SequenceEqual(second.shape))
            throw new ArgumentException($"Expected logits of one shape, got [{string.Join(", ", first.shape)}] and [{string.Join(", ", second.shape)}].");
        return Measure.Pair(first, second, (x, y) => (x.argmax(1) != y.argmax(1)).to(ScalarType.Float64).mean().Number());
    }
}
