using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Means of a representation by class.</summary>
internal static class ClassMeans
{
    /// <summary>
    /// The mean activity of each class that occurs, [classes, units], and those classes in ascending order.
    /// </summary>
    /// <param name="x">Activity [n, d], float64.</param>
    /// <param name="labels">Labels [n], any integer dtype.</param>
    public static (Tensor Means, long[] Classes) Of(Tensor x, Tensor labels)
    {
        var indices = labels.to(ScalarType.Int64, CPU);
        var classes = Distinct(indices);
        var means = stack(classes.Select(c => x[indices.Is(c)].mean([0])).ToArray());
        return (means, classes);
    }

    /// <summary>Throws unless there is one integer label for each example.</summary>
    public static void RequireLabels(Tensor h, Tensor labels)
    {
        Measure.RequireMatrix(h);
        if (labels.dim() != 1 || labels.shape[0] != h.shape[0] || labels.is_floating_point())
            throw new ArgumentException($"Expected {h.shape[0]} integer labels, one for each example, got {labels.dtype} of shape [{string.Join(", ", labels.shape)}].");
    }

    private static long[] Distinct(Tensor indices)
    {
        using var contiguous = indices.contiguous();
        return [.. contiguous.data<long>().ToArray().Distinct().Order()];
    }
}
