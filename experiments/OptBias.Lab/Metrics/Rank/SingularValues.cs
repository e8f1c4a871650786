using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>The singular values that the rank metrics share, so that one decomposition serves them all.</summary>
public static class SingularValues
{
    /// <summary>The singular values of a representation, largest first.</summary>
    /// <param name="h">Activity [n examples, d units], any real dtype and device.</param>
    /// <param name="centred">Whether each unit's mean over the examples is taken off first, as the covariance does.</param>
    /// <returns>min(n, d) numbers, or none where the activity is not finite. Costs O(n d min(n, d)): measure wide layers on a few thousand examples.</returns>
    /// <exception cref="ArgumentException">Not a matrix, or empty.</exception>
    public static double[] Of(Tensor h, bool centred = false)
    {
        double[] values = [];
        Measure.Matrix(h, x =>
        {
            values = Measure.Numbers(linalg.svdvals(centred ? x - x.mean([0], keepdim: true) : x));
            return 0;
        });
        return values;
    }
}
