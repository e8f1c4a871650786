using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>Classification where class k is seen 1/k as often as the first: has a rule learned the rare classes when it has learned the frequent ones?</summary>
/// <remarks>
/// 24 classes, 48/k examples of class k (at least 2), features in 48 dimensions: a mean for each class and normal noise. The model is linear
/// with softmax. The run ends when the mean loss over the examples of the frequent classes (those that hold half of all examples) is
/// a tenth of its first value. The measure is what the mean loss of the rarest half of the classes has fallen by then, over the same nine tenths:
/// 1 for a rule that learns both alike, 0 for one that has not begun with the rare ones.
/// </remarks>
public sealed class RareClassesProbe : Probe
{
    private const int Classes = 24;
    private const int Features = 48;
    private const int MostSteps = 3_000;
    private const double LinearRate = 0.1;
    private const double NormalizedRate = 0.005;
    private const double Learned = 0.1;
    private readonly Lazy<Examples> examples = new(() => new Examples());

    /// <inheritdoc />
    public override string Name => "rare-classes";

    /// <inheritdoc />
    public override string Title => "Rare classes";

    /// <inheritdoc />
    public override string Problem => "Linear softmax regression with 24 classes, class k seen 48/k times, 48 features. Steps of 0.1 for degree 1 and 0.005 for degree 0, until the loss on the frequent classes (half of all examples) is a tenth of the first, or for 3,000 steps. The measure compares what the rarest half of the classes has gained by then.";

    /// <inheritdoc />
    public override string Prediction => "Gradient descent leaves the rare classes behind; Adam and sign descent, which see no units, learn all classes alike.";

    /// <inheritdoc />
    public override string Source => "Kunstner et al. 2024 (arXiv 2402.19449)";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new()
        {
            Name = "rare-classes.progress",
            Title = "rare",
            Description = "What the loss of the rare classes has fallen by, over what that of the frequent ones has, when the latter is a tenth.",
            Predicts = static p => p.SeesNoUnits,
            AgreesFrom = 0.8,
        },
    ];

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var problem = this.examples.Value;
        using var run = new ProbeRun(rule, [Classes, Features]);
        if (rule.Properties.SeesOrigin)
            run.Values().Fill(1e-4);
        var rate = rule.Properties.StepDegree >= 1 ? LinearRate : NormalizedRate;
        var (frequent, rare) = problem.LossesAndGradient(run.Values(), run.Gradient());
        var (firstFrequent, firstRare) = (frequent, rare);
        while (run.Steps < MostSteps && !(frequent <= Learned * firstFrequent))
        {
            run.Step(double.IsFinite(frequent) ? rate : double.NaN);
            (frequent, rare) = problem.LossesAndGradient(run.Values(), run.Gradient());
        }

        steps = run.Steps;
        if (!(frequent <= Learned * firstFrequent))
            throw new DivergedException($"the frequent classes were not learned in {MostSteps} steps");
        return new Dictionary<string, double> { ["rare-classes.progress"] = (1 - (rare / firstRare)) / (1 - Learned) };
    }

    private sealed class Examples
    {
        private readonly List<(double[] Features, int Class)> examples = [];
        private readonly int frequentClasses;

        public Examples()
        {
            var random = new SeededRandom(1, "rare classes");
            double[] Normal() => [.. Enumerable.Range(0, Features).Select(_ => random.NextNearlyNormal())];
            for (var k = 1; k <= Classes; k++)
            {
                var mean = Normal();
                for (var i = 0; i < Math.Max(2, 48 / k); i++)
                    this.examples.Add(([.. mean.Zip(Normal(), static (m, e) => (m + (0.5 * e)) / Math.Sqrt(Features))], k - 1));
            }

            while (this.examples.Count(e => e.Class < this.frequentClasses) < this.examples.Count / 2)
                this.frequentClasses++;
        }

        public (double Frequent, double Rare) LossesAndGradient(ReadOnlySpan<double> weights, Span<double> gradient)
        {
            gradient.Clear();
            var (frequent, rare, frequentCount, rareCount) = (0.0, 0.0, 0, 0);
            Span<double> scores = stackalloc double[Classes];
            foreach (var (x, label) in this.examples)
            {
                for (var c = 0; c < Classes; c++)
                    scores[c] = TensorPrimitives.Dot(weights.Slice(c * Features, Features), x);
                var largest = TensorPrimitives.Max<double>(scores);
                var own = scores[label];
                TensorPrimitives.Subtract<double>(scores, largest, scores);
                TensorPrimitives.Exp<double>(scores, scores);
                var sum = TensorPrimitives.Sum<double>(scores);
                var loss = Math.Log(sum) + largest - own;
                if (label < this.frequentClasses)
                    (frequent, frequentCount) = (frequent + loss, frequentCount + 1);
                else if (label >= Classes / 2)
                    (rare, rareCount) = (rare + loss, rareCount + 1);
                for (var c = 0; c < Classes; c++)
                {
                    var row = gradient.Slice(c * Features, Features);
                    TensorPrimitives.MultiplyAdd(x, ((scores[c] / sum) - (c == label ? 1 : 0)) / this.examples.Count, row, row);
                }
            }

            return (frequent / frequentCount, rare / rareCount);
        }
    }
}
