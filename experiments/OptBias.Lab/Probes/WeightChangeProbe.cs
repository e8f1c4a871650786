using OptBias.Lab.Metrics;
using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Problems;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>A small network is trained to the same loss by every rule: over how many directions does each layer's weight change spread?</summary>
/// <remarks>
/// 24 inputs → 32 → 32 → 6 classes, tanh, 120 examples in noisy clusters, cross-entropy, full batch, until the loss is 0.05. Measured is the
/// effective rank of what each matrix has changed by. The theory is about linear and homogeneous models: a margin in the spectral norm is
/// bought with many equal singular values, one in the nuclear norm with few. Whether a network's layers follow is the question; nothing is predicted.
/// The singular values themselves are in the files as <c>spectrum.1.1</c> (layer, place), each over the layer's first.
/// </remarks>
public sealed class WeightChangeProbe : Probe
{
    /// <summary>Rows and columns of the hidden matrix.</summary>
    public const int Width = 32;

    private const int MostSteps = 4_000;
    private const double LinearRate = 0.5;
    private const double NormalizedRate = 0.002;
    private const double Learned = 0.05;
    private static readonly int[] Columns = [24, Width, Width];

    /// <inheritdoc />
    public override string Name => "weight-change";

    /// <inheritdoc />
    public override string Title => "Weight change";

    /// <inheritdoc />
    public override string Problem => "A tanh network 24 → 32 → 32 → 6 without biases on 120 examples in noisy clusters, full batch, until the cross-entropy is 0.05 or for 4,000 steps: of 0.5 for degree 1, of 0.002 for degree 0. Measured: the effective rank of each matrix's change.";

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
    ];

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var network = new ClassifierNetwork(inputs: 24, width: Width, classes: 6, count: 120, noise: 1, seed: 1);
        using var run = new ProbeRun(rule, network.Shapes);
        var start = network.Start(seed: 1);
        for (var k = 0; k < start.Length; k++)
            start[k].CopyTo(run.Values(k));
        var rate = rule.Properties.StepDegree >= 1 ? LinearRate : NormalizedRate;
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
        for (var k = 0; k < start.Length; k++)
        {
            var change = run.Values(k).ToArray().Zip(start[k], static (a, b) => a - b).ToArray();
            var spectrum = SmallSvd.Values(change, Columns[k]);
            values[this.Measures[k].Name] = EffectiveRank.Of(spectrum);
            for (var i = 0; i < spectrum.Length; i++)
                values[$"spectrum.{k + 1}.{i + 1}"] = spectrum[i] / spectrum[0];
        }

        return values;
    }
}
