using System.Numerics.Tensors;
using OptBias.Lab.Data;

namespace OptBias.Lab.Probes.Problems;

/// <summary>
/// A network 1 → width → width → 1 with tanh, fitted to a Chebyshev polynomial at points of [−1, 1] with square loss
/// <c>mean ½ (f − y)²</c>. The gradient is written by hand.
/// </summary>
/// <remarks>Parameters: W₁ [width, 1], b₁ [width], W₂ [width, width], b₂ [width], W₃ [1, width], b₃ [1]; in one array in this order.</remarks>
internal sealed class TanhNetwork
{
    private readonly double[] inputs;
    private readonly double[] targets;
    private readonly int width;
    private readonly double[] first;
    private readonly double[] second;
    private readonly double[] back;
    private readonly double[] back2;

    public TanhNetwork(int width, int points, int degree)
    {
        this.width = width;
        this.inputs = [.. Enumerable.Range(0, points).Select(i => -1 + (2.0 * i / (points - 1)))];
        this.targets = [.. this.inputs.Select(x => Chebyshev(degree, x))];
        (this.first, this.second, this.back, this.back2) = (new double[width], new double[width], new double[width], new double[width]);
    }

    /// <summary>The shapes of the parameters.</summary>
    public long[][] Shapes => [[this.width, 1], [this.width], [this.width, this.width], [this.width], [1, this.width], [1]];

    /// <summary>How many parameters there are.</summary>
    public int Count => (this.width * this.width) + (4 * this.width) + 1;

    /// <summary>A start: normal weights with deviation gain/√inputs, small biases.</summary>
    public double[] Start(int seed, double gain)
    {
        var random = new SeededRandom(seed, "tanh network");
        var start = new double[this.Count];
        var at = 0;
        foreach (var shape in this.Shapes)
        {
            var count = (int)shape.Aggregate(1L, static (a, b) => a * b);
            var deviation = shape.Length == 2 ? gain / Math.Sqrt(shape[1]) : 0.1;
            for (var i = 0; i < count; i++)
                start[at++] = deviation * random.NextNearlyNormal();
        }

        return start;
    }

    /// <summary>The loss; writes its gradient.</summary>
    public double LossAndGradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var n = this.width;
        var w1 = parameters[..n];
        var b1 = parameters.Slice(n, n);
        var w2 = parameters.Slice(2 * n, n * n);
        var b2 = parameters.Slice((2 + n) * n, n);
        var w3 = parameters.Slice((3 + n) * n, n);
        var b3 = parameters[^1];
        gradient.Clear();
        var g1 = gradient[..n];
        var gb1 = gradient.Slice(n, n);
        var g2 = gradient.Slice(2 * n, n * n);
        var gb2 = gradient.Slice((2 + n) * n, n);
        var g3 = gradient.Slice((3 + n) * n, n);
        var loss = 0.0;
        for (var k = 0; k < this.inputs.Length; k++)
        {
            TensorPrimitives.MultiplyAdd(w1, this.inputs[k], b1, this.first);
            TensorPrimitives.Tanh<double>(this.first, this.first);
            for (var i = 0; i < n; i++)
                this.second[i] = TensorPrimitives.Dot(w2.Slice(i * n, n), this.first) + b2[i];
            TensorPrimitives.Tanh<double>(this.second, this.second);
            var error = TensorPrimitives.Dot(w3, this.second) + b3 - this.targets[k];
            loss += 0.5 * error * error;
            error /= this.inputs.Length;

            gradient[^1] += error;
            TensorPrimitives.MultiplyAdd(this.second, error, g3, g3);
            this.back2.AsSpan().Clear();
            for (var i = 0; i < n; i++)
            {
                this.back[i] = error * w3[i] * (1 - (this.second[i] * this.second[i]));
                TensorPrimitives.MultiplyAdd(this.first, this.back[i], g2.Slice(i * n, n), g2.Slice(i * n, n));
                TensorPrimitives.MultiplyAdd(w2.Slice(i * n, n), this.back[i], this.back2, this.back2);
            }

            TensorPrimitives.Add(gb2, this.back, gb2);
            for (var i = 0; i < n; i++)
                this.back2[i] *= 1 - (this.first[i] * this.first[i]);
            TensorPrimitives.Add(gb1, this.back2, gb1);
            TensorPrimitives.MultiplyAdd(this.back2, this.inputs[k], g1, g1);
        }

        return loss / this.inputs.Length;
    }

    private static double Chebyshev(int degree, double x)
    {
        var (before, now) = (1.0, x);
        for (var i = 1; i < degree; i++)
            (before, now) = (now, (2 * x * now) - before);
        return now;
    }
}
