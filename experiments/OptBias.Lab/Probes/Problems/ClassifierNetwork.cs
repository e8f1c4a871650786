using System.Numerics.Tensors;
using OptBias.Lab.Data;

namespace OptBias.Lab.Probes.Problems;

/// <summary>
/// A network inputs → width → width → classes with tanh and softmax on examples in clusters, one for each class, with cross-entropy. The gradient is
/// written by hand.
/// </summary>
/// <remarks>Parameters: W₁ [width, inputs], W₂ [width, width], W₃ [classes, width], without biases; all of them are matrices.</remarks>
internal sealed class ClassifierNetwork
{
    private readonly int inputs;
    private readonly int width;
    private readonly int classes;
    private readonly double noise;
    private readonly double[][] means;
    private readonly (double[] Features, int Class)[] examples;

    public ClassifierNetwork(int inputs, int width, int classes, int count, double noise, int seed)
    {
        (this.inputs, this.width, this.classes, this.noise) = (inputs, width, classes, noise);
        var random = new SeededRandom(seed, "classifier network");
        this.means = [.. Enumerable.Range(0, classes).Select(_ => this.Normal(random))];
        this.examples = this.Draw(count, random);
    }

    /// <summary>The shapes of the parameters.</summary>
    public long[][] Shapes => [[this.width, this.inputs], [this.width, this.width], [this.classes, this.width]];

    /// <summary>A start: normal weights with deviation 1/√inputs of each layer.</summary>
    public double[][] Start(int seed)
    {
        var random = new SeededRandom(seed, "classifier weights");
        return [.. this.Shapes.Select(shape => Enumerable.Range(0, (int)(shape[0] * shape[1])).Select(_ => random.NextNearlyNormal() / Math.Sqrt(shape[1])).ToArray())];
    }

    /// <summary>The mean cross-entropy; writes the gradients.</summary>
    public double LossAndGradients(ReadOnlySpan<double> w1, ReadOnlySpan<double> w2, ReadOnlySpan<double> w3, Span<double> g1, Span<double> g2, Span<double> g3)
    {
        g1.Clear();
        g2.Clear();
        g3.Clear();
        Span<double> first = stackalloc double[this.width], second = stackalloc double[this.width], scores = stackalloc double[this.classes];
        Span<double> back = stackalloc double[this.width], back2 = stackalloc double[this.width];
        var loss = 0.0;
        foreach (var (x, label) in this.examples)
        {
            Forward(w1, x, first);
            TensorPrimitives.Tanh<double>(first, first);
            Forward(w2, first, second);
            TensorPrimitives.Tanh<double>(second, second);
            Forward(w3, second, scores);
            var largest = TensorPrimitives.Max<double>(scores);
            loss += largest - scores[label];
            TensorPrimitives.Subtract<double>(scores, largest, scores);
            TensorPrimitives.Exp<double>(scores, scores);
            var sum = TensorPrimitives.Sum<double>(scores);
            loss += Math.Log(sum);
            TensorPrimitives.Divide<double>(scores, sum, scores);
            scores[label] -= 1;
            TensorPrimitives.Divide<double>(scores, this.examples.Length, scores);

            Backward(w3, scores, second, g3, back);
            for (var i = 0; i < this.width; i++)
                back[i] *= 1 - (second[i] * second[i]);
            Backward(w2, back, first, g2, back2);
            for (var i = 0; i < this.width; i++)
                back2[i] *= 1 - (first[i] * first[i]);
            for (var i = 0; i < this.width; i++)
            {
                var row = g1.Slice(i * this.inputs, this.inputs);
                TensorPrimitives.MultiplyAdd(x, back2[i], row, row);
            }
        }

        return loss / this.examples.Length;
    }

    /// <summary>The share of other examples of the same clusters that are told right.</summary>
    public double Accuracy(ReadOnlySpan<double> w1, ReadOnlySpan<double> w2, ReadOnlySpan<double> w3, int count, int seed)
    {
        double[] first = new double[this.width], second = new double[this.width], scores = new double[this.classes];
        var right = 0;
        foreach (var (x, label) in this.Draw(count, new SeededRandom(seed, "classifier examples")))
        {
            Forward(w1, x, first);
            TensorPrimitives.Tanh<double>(first, first);
            Forward(w2, first, second);
            TensorPrimitives.Tanh<double>(second, second);
            Forward(w3, second, scores);
            right += TensorPrimitives.IndexOfMax<double>(scores) == label ? 1 : 0;
        }

        return (double)right / count;
    }

    private double[] Normal(SeededRandom random) => [.. Enumerable.Range(0, this.inputs).Select(_ => random.NextNearlyNormal())];

    private (double[] Features, int Class)[] Draw(int count, SeededRandom random) =>
        [.. Enumerable.Range(0, count).Select(i => (this.means[i % this.classes].Zip(this.Normal(random), (m, e) => (m + (this.noise * e)) / Math.Sqrt(this.inputs)).ToArray(), i % this.classes))];

    private static void Forward(ReadOnlySpan<double> weights, ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = TensorPrimitives.Dot(weights.Slice(i * x.Length, x.Length), x);
    }

    /// <summary>Adds error · xᵀ to the gradient, and writes Wᵀ · error.</summary>
    private static void Backward(ReadOnlySpan<double> weights, ReadOnlySpan<double> error, ReadOnlySpan<double> x, Span<double> gradient, Span<double> back)
    {
        back.Clear();
        for (var i = 0; i < error.Length; i++)
        {
            var row = gradient.Slice(i * x.Length, x.Length);
            TensorPrimitives.MultiplyAdd(x, error[i], row, row);
            TensorPrimitives.MultiplyAdd(weights.Slice(i * x.Length, x.Length), error[i], back, back);
        }
    }
}
