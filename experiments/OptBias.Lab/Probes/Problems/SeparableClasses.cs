using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Certified;

namespace OptBias.Lab.Probes.Problems;

/// <summary>
/// A linear model with logistic loss over examples that it can separate: W [classes, features], loss
/// <c>mean log(1 + Σ_{j≠y} exp(−⟨A_{ij}, W⟩))</c> with <c>A_{ij} = (e_y − e_j) xᵀ</c>.
/// </summary>
/// <remarks>The loss is computed without cancellation down to 1e-300: what matters here happens long after it has become small.</remarks>
internal sealed class SeparableClasses : ISeparable
{
    private const double Largest = 5;
    private readonly double[][] examples;
    private readonly int[] labels;

    private SeparableClasses(int classes, double[][] examples, int[] labels, double[] teacher)
    {
        (this.Rows, this.examples, this.labels, this.Teacher) = (classes, examples, labels, teacher);
        this.Conditions = [.. from i in Enumerable.Range(0, examples.Length) from j in Enumerable.Range(0, classes) where j != labels[i] select this.Condition(i, j)];
    }

    public int Rows { get; }

    public int Columns => this.examples[0].Length;

    public double[] Teacher { get; }

    public double[][] Conditions { get; }

    /// <summary>Classes that a random matrix separates with some margin; features of scales from <see cref="Largest"/> down to that over <paramref name="spread"/>.</summary>
    public static SeparableClasses Make(int classes, int features, int count, double spread, int seed)
    {
        var random = new SeededRandom(seed, "separable classes");
        var teacher = Normal(random, classes * features);
        var scales = Enumerable.Range(0, features).Select(k => Largest * Math.Pow(spread, -(double)k / (features - 1))).ToArray();
        random.Shuffle(scales.AsSpan());
        var (examples, labels) = (new List<double[]>(), new List<int>());
        while (examples.Count < count)
        {
            var x = Normal(random, features);
            TensorPrimitives.Multiply(x, scales, x);
            var scores = Enumerable.Range(0, classes).Select(c => TensorPrimitives.Dot<double>(teacher.AsSpan(c * features, features), x)).ToArray();
            var label = Array.IndexOf(scores, scores.Max());

            // As many of each class: the classes take turns.
            if (label == examples.Count % classes && scores.Where((_, c) => c != label).All(s => s < scores[label] - (0.05 * Largest)))
            {
                examples.Add(x);
                labels.Add(label);
            }
        }

        return new(classes, [.. examples], [.. labels], teacher);
    }

    public double LossAndGradient(ReadOnlySpan<double> weights, Span<double> gradient)
    {
        var features = this.Columns;
        gradient.Clear();
        var loss = 0.0;

        // Rules run side by side on one problem: what a call needs is its own.
        Span<double> scores = stackalloc double[this.Rows];
        for (var i = 0; i < this.examples.Length; i++)
        {
            var x = this.examples[i];
            var label = this.labels[i];
            var own = TensorPrimitives.Dot<double>(weights.Slice(label * features, features), x);
            var others = 0.0;
            for (var c = 0; c < this.Rows; c++)
            {
                scores[c] = c == label ? 0 : Math.Exp(TensorPrimitives.Dot<double>(weights.Slice(c * features, features), x) - own);
                others += scores[c];
            }

            loss += others < 1e-8 ? others : Math.Log(1 + others);
            var weight = 1 / ((1 + others) * this.examples.Length);
            for (var c = 0; c < this.Rows; c++)
            {
                var row = gradient.Slice(c * features, features);
                TensorPrimitives.MultiplyAdd(x, c == label ? -others * weight : scores[c] * weight, row, row);
            }
        }

        return loss / this.examples.Length;
    }

    private double[] Condition(int example, int other)
    {
        var condition = new double[this.Rows * this.Columns];
        this.examples[example].CopyTo(condition, this.labels[example] * this.Columns);
        TensorPrimitives.Negate(this.examples[example], condition.AsSpan(other * this.Columns, this.Columns));
        return condition;
    }

    private static double[] Normal(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNearlyNormal())];
}
