using OptBias.Lab.Metrics;
using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Problems;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Probes;

/// <summary>A small network is trained to the same loss by every rule: over how many directions does each layer's weight change spread?</summary>
/// <remarks>
/// 24 inputs → 32 → 32 → 6 classes, tanh, 120 examples in noisy clusters, cross-entropy, full batch, until the loss is 0.05. Measured is the
/// effective rank of what each matrix has changed by; how many elements hardly changed; what rank the hidden matrix has at the end; and the share of
/// 600 other examples that are told right, so that it is seen whether the loss is bought with the same accuracy. The theory is about linear and homogeneous models: a margin in the spectral norm is
/// bought with many equal singular values, one in the nuclear norm with few. Whether a network's layers follow is the question; nothing is predicted.
/// The singular values themselves are in the files as <c>spectrum.1.1</c> (layer, place), each over the layer's first. With more than one
/// seed a number is the mean over data and starts, and its 95% interval stands beside it as <c>NAME.low</c> and <c>NAME.high</c>.
/// </remarks>
/// <param name="seeds">How many data sets and starts.</param>
public sealed class WeightChangeProbe(int seeds = 1) : Probe
{
    /// <summary>Rows and columns of the hidden matrix.</summary>
    public const int Width = 32;

    private const int MostSteps = 4_000;
    private const double LinearRate = 0.5;
    private const double NormalizedRate = 0.002;
    private const double Learned = 0.05;

    /// <summary>An element has hardly changed where it changed by this share of the layer's largest change.</summary>
    private const double Hardly = 0.01;

    private static readonly int[] Columns = [24, Width, Width];

    /// <inheritdoc />
    public override string Name => "weight-change";

    /// <inheritdoc />
    public override string Title => "Weight change";

    /// <inheritdoc />
    public override string Problem => "A tanh network 24 → 32 → 32 → 6 without biases on 120 examples in noisy clusters, full batch, until the cross-entropy is 0.05 or for 4,000 steps: of 0.5 for degree 1, of 0.002 for degree 0, longer where a step is bounded in another norm than that of the largest element, as in the margin probe. Measured: the effective rank of each matrix's change, how many elements hardly changed, the rank of the hidden matrix at the end, and the accuracy on other examples.";

    /// <inheritdoc />
    public override string Prediction => "None that is proved for such a network. Steepest descent in the spectral norm makes steps with equal singular values, in the nuclear norm steps of rank 1, in the Frobenius norm steps with the gradient's own spectrum.";

    /// <inheritdoc />
    public override string Source => "Roy and Vetterli 2007 (effective rank); Bernstein and Newhouse 2024 (arXiv 2409.20325)";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        .. new[] { ("first", "first layer, 32 × 24"), ("hidden", "hidden layer, 32 × 32"), ("last", "last layer, 6 × 32") }.Select(static layer => new ProbeMeasure
        {
            Name = $"weight-change.{layer.Item1}",
            Title = layer.Item1,
            Description = $"Effective rank of the change of the {layer.Item2}.",
            Share = null,
            InMatrix = false,
            Format = "0.0",
        }),
        new() { Name = "weight-change.unchanged", Title = "unchanged", Description = "Share of all elements that changed by less than 1% of the largest change of their layer.", Share = null, InMatrix = false },
        new() { Name = "weight-change.rank", Title = "rank at the end", Description = "Effective rank of the hidden layer, 32 × 32, where training ends; its random start has one too.", Share = null, InMatrix = false, Format = "0.0" },
        new() { Name = "weight-change.accuracy", Title = "accuracy", Description = "Share of 600 examples of the same clusters, not trained on, that are told right.", Share = null, InMatrix = false, Format = "0.000" },
    ];

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        steps = 0;
        var runs = new List<Dictionary<string, double>>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            runs.Add(this.Train(rule, seed, out var taken));
            steps = Math.Max(steps, taken);
        }

        if (seeds == 1)
            return runs[0];
        var values = new Dictionary<string, double>();
        foreach (var name in runs[0].Keys)
        {
            var mean = BootstrapInterval.OfMean([.. runs.Select(run => run[name])]);
            (values[name], values[name + ".low"], values[name + ".high"]) = (mean.Estimate, mean.Low, mean.High);
        }

        return values;
    }

    private Dictionary<string, double> Train(ProbeRule rule, int seed, out int steps)
    {
        var network = new ClassifierNetwork(inputs: 24, width: Width, classes: 6, count: 120, noise: 1, seed);
        using var run = new ProbeRun(rule, network.Shapes);
        var start = network.Start(seed);
        for (var k = 0; k < start.Length; k++)
            start[k].CopyTo(run.Values(k));
        var rate = rule.Properties.StepDegree >= 1 ? LinearRate : NormalizedRate * Width / rule.Properties.StepLength(Width, Width);
        double Loss() => network.LossAndGradients(run.Values(0), run.Values(1), run.Values(2), run.Gradient(0), run.Gradient(1), run.Gradient(2));
        var loss = Loss();
        while (!(loss <= Learned) && run.Steps < MostSteps)
        {
            run.Step(double.IsFinite(loss) ? rate : double.NaN);
            loss = Loss();
        }

        steps = run.Steps;
        if (!(loss <= Learned))
            throw new DivergedException(FormattableString.Invariant($"the loss is {loss:0.000} after {steps} steps"));
        var values = new Dictionary<string, double>();
        var (unchanged, all) = (0, 0);
        for (var k = 0; k < start.Length; k++)
        {
            var change = run.Values(k).ToArray().Zip(start[k], static (a, b) => a - b).ToArray();
            var spectrum = SmallSvd.Values(change, Columns[k]);
            values[this.Measures[k].Name] = EffectiveRank.Of(spectrum);
            for (var i = 0; i < spectrum.Length; i++)
                values[$"spectrum.{k + 1}.{i + 1}"] = spectrum[i] / spectrum[0];
            var largest = change.Max(Math.Abs);
            unchanged += change.Count(c => Math.Abs(c) < Hardly * largest);
            all += change.Length;
        }

        values["weight-change.unchanged"] = (double)unchanged / all;
        values["weight-change.rank"] = EffectiveRank.Of(SmallSvd.Values(run.Values(1).ToArray(), Columns[1]));
        values["weight-change.accuracy"] = network.Accuracy(run.Values(0), run.Values(1), run.Values(2), count: 600, seed);
        return values;
    }
}
