using System.Numerics.Tensors;
using OptBias.Lab.Data;

namespace OptBias.Lab.Probes.Problems;

/// <summary>Two classes that a linear model separates: loss <c>mean log(1 + exp(−⟨z, w⟩))</c> with z the example times its label ±1.</summary>
/// <remarks>w is laid out as a matrix, so that a rule that works on matrices does here what it does in a network. The problem itself knows nothing of it.</remarks>
internal sealed class SeparablePairs : ISeparable
{
    private const double Largest = 5;

    private SeparablePairs(int rows, int columns, double[][] examples, double[] teacher) =>
        (this.Rows, this.Columns, this.Conditions, this.Teacher) = (rows, columns, examples, teacher);

    public int Rows { get; }

    public int Columns { get; }

    public double[] Teacher { get; }

    public double[][] Conditions { get; }

    /// <summary>Random examples with features of scales from <see cref="Largest"/> down to that over <paramref name="spread"/>, labelled by a random vector.</summary>
    public static SeparablePairs Make(int rows, int columns, int count, double spread, int seed)
    {
        var random = new SeededRandom(seed, "separable pairs");
        var features = rows * columns;
        var scales = Enumerable.Range(0, features).Select(k => Largest * Math.Pow(spread, -(double)k / (features - 1))).ToArray();
        random.Shuffle(scales.AsSpan());
        var teacher = Enumerable.Range(0, features).Select(_ => random.NextNearlyNormal()).ToArray();
        var examples = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var x = scales.Select(s => s * random.NextNearlyNormal()).ToArray();
            if (TensorPrimitives.Dot<double>(x, teacher) < 0)
                TensorPrimitives.Negate(x, x);
            examples[i] = x;
        }

        return new(rows, columns, examples, teacher);
    }

    public double LossAndGradient(ReadOnlySpan<double> weights, Span<double> gradient)
    {
        gradient.Clear();
        var loss = 0.0;
        foreach (var z in this.Conditions)
        {
            var e = Math.Exp(-TensorPrimitives.Dot(weights, z));
            loss += e < 1e-8 ? e : Math.Log(1 + e);
            TensorPrimitives.MultiplyAdd(z, -e / ((1 + e) * this.Conditions.Length), gradient, gradient);
        }

        return loss / this.Conditions.Length;
    }
}
