using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Cosine between the gradients of two tasks over all parameters taken as one vector: ⟨g₁, g₂⟩ / (‖g₁‖ ‖g₂‖).</summary>
/// <remarks>
/// Range [−1, 1]: below zero, a step for one task undoes the other. A gradient that is zero: NaN. A NaN or an infinity anywhere: NaN.
/// Source: Lopez-Paz and Ranzato, "Gradient episodic memory", NeurIPS 2017, section 3; Yu et al., "Gradient surgery", NeurIPS 2020, definition 1.
/// </remarks>
public static class GradientCosine
{
    /// <summary>The cosine between two gradients.</summary>
    /// <param name="first">One tensor per parameter.</param>
    /// <param name="second">The same parameters' gradients of the other task.</param>
    /// <exception cref="ArgumentException">Different numbers of tensors, or shapes that differ.</exception>
    public static double Of(IReadOnlyList<Tensor> first, IReadOnlyList<Tensor> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"The two gradients must be of the same parameters, but one has {first.Count} tensors and the other {second.Count}.");
        double dot = 0, a = 0, b = 0;
        for (var i = 0; i < first.Count; i++)
        {
            if (!first[i].shape.SequenceEqual(second[i].shape))
                throw new ArgumentException($"Tensor {i} has shape [{string.Join(", ", first[i].shape)}] in one gradient and [{string.Join(", ", second[i].shape)}] in the other.");
            var finite = Measure.Any(first[i], x => Measure.Any(second[i], y =>
            {
                dot += (x * y).sum().Number();
                a += x.Squared().sum().Number();
                b += y.Squared().sum().Number();
                return 0;
            }));
            if (double.IsNaN(finite))
                return double.NaN;
        }

        return a == 0 || b == 0 ? double.NaN : Math.Clamp(dot / Math.Sqrt(a) / Math.Sqrt(b), -1, 1);
    }
}
