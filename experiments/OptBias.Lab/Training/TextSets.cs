using OptBias.Lab.Data;
using OptBias.Lab.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>The windows of all languages of one run.</summary>
/// <param name="data">The languages.</param>
/// <param name="plan">How many of the windows are used.</param>
/// <param name="onValidation">Whether bits are measured on the validation texts (for tuning) instead of the test texts.</param>
public sealed class TextSets(TextData data, TrainingPlan plan, bool onValidation) : IDisposable
{
    private readonly ExampleSet?[] evaluation = new ExampleSet?[data.Languages.Count];

    /// <summary>Windows int64 [n, context] of a language to train on, and as labels the byte after each byte of them. The caller owns them.</summary>
    /// <param name="task">Which language, from 0.</param>
    public ExampleSet Training(int task)
    {
        var text = data.Languages[task].Train;
        return Windows(text, Math.Max(1, (int)Math.Round(Available(text) * plan.Fraction)), data.Device);
    }

    /// <summary>The windows that measure a language; they live as long as this object.</summary>
    /// <param name="task">Which language, from 0.</param>
    public ExampleSet Evaluation(int task)
    {
        var text = onValidation ? data.Languages[task].Validation : data.Languages[task].Test;
        return this.evaluation[task] ??= Windows(text, Math.Min(Available(text), plan.EvaluationLimit), data.Device);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var set in this.evaluation)
            set?.Dispose();
    }

    private static int Available(byte[] text) => (text.Length - 1) / ByteTransformer.Context;

    /// <summary>Windows that do not overlap, evenly over the text.</summary>
    private static ExampleSet Windows(byte[] text, int count, Device device)
    {
        const int Context = ByteTransformer.Context;
        var available = Available(text);
        var (inputs, targets) = (new long[count * Context], new long[count * Context]);
        for (var window = 0; window < count; window++)
        {
            var start = (int)((long)window * available / count) * Context;
            for (var i = 0; i < Context; i++)
                (inputs[(window * Context) + i], targets[(window * Context) + i]) = (text[start + i], text[start + i + 1]);
        }

        return new(tensor(inputs, [count, Context], device: device), tensor(targets, [count, Context], device: device));
    }
}
