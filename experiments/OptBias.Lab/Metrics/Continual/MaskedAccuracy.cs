using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Accuracy when only the logits of the given classes compete: what the network still knows of a task once it is told which task it is.</summary>
/// <remarks>
/// Range [0, 1]; chance is 1 / number of classes. High beside a low accuracy: the head forgot, not the representation.
/// A NaN or an infinity in the logits: NaN. Source: van de Ven and Tolias, "Three scenarios for continual learning", arXiv 1904.07734 (task- against class-incremental).
/// </remarks>
public static class MaskedAccuracy
{
    /// <summary>The accuracy among some classes.</summary>
    /// <param name="logits">[n examples, classes].</param>
    /// <param name="labels">Classes [n], each one of <paramref name="classes"/>; any integer dtype.</param>
    /// <param name="classes">The classes of the task.</param>
    public static double Of(Tensor logits, Tensor labels, IReadOnlyList<long> classes)
    {
        ClassMeans.RequireLabels(logits, labels);
        if (classes.Count == 0)
            throw new ArgumentException("A task has at least one class.");
        return Measure.Any(logits, x =>
        {
            var chosen = tensor(classes.ToArray());
            return (chosen[x.index_select(1, chosen).argmax(1)] == labels.to(ScalarType.Int64, CPU)).to(ScalarType.Float64).mean().Number();
        });
    }
}
