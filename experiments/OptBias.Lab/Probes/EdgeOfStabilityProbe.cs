using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Problems;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>A small network, full batch, square loss: does the sharpness rise to the largest that the rule's step can bear, and stay there?</summary>
/// <remarks>
/// <para>
/// Sharpness is the largest eigenvalue of the Hessian, by Lanczos on differences of the exact gradient. For a rule of degree 1 the limit is κ/η with κ its own
/// largest stable curvature on a parabola (<see cref="StableCurvature"/>), and η is chosen so that the limit is 12 for all. For a rule
/// that sees no units and keeps a second moment for each element the sharpness is that of <c>P^(−1/2) H P^(−1/2)</c>, P what it divides by, and
/// κ is its largest stable curvature while the moment is held: <c>(2 + 2β₁)/(1 − β₁)</c> for Adam.
/// </para>
/// <para>The measure is the median of sharpness over limit in the last quarter of the run.</para>
/// </remarks>
public sealed class EdgeOfStabilityProbe : Probe
{
    private const int Steps = 8_000;
    private const int Every = 50;
    private const double Limit = 12;
    private const double NormalizedRate = 2e-3;
    private const int LanczosSteps = 24;

    /// <inheritdoc />
    public override string Name => "edge-of-stability";

    /// <inheritdoc />
    public override string Title => "Edge of stability";

    /// <inheritdoc />
    public override string Problem => "A tanh network 1 → 16 → 16 → 1 fitted to the Chebyshev polynomial of degree 5 at 24 points, full batch, 8,000 steps. η is such that the limit of a rule of degree 1 is a sharpness of 12; it is 0.002 for degree 0.";

    /// <inheritdoc />
    public override string Prediction => "The sharpness rises to 2/η under gradient descent, (2 + 2μ)/η under heavy ball, and stays there; the preconditioned one rises to (2 + 2β₁)/((1 − β₁) η) under Adam.";

    /// <inheritdoc />
    public override string Source => "Cohen et al. 2021 (arXiv 2103.00065); Cohen et al. 2022 (arXiv 2207.14484)";

    /// <inheritdoc />
    public override string Exceptions => "A rule that comes to a small loss before its limit stays below it. A statistic that never forgets makes the steps smaller and smaller, and their limit larger. A rule that sees the origin changes the curvature with the place, so its limit is not that of a parabola.";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new()
        {
            Name = "edge.ratio",
            Title = "edge",
            Description = "Sharpness over the largest that the rule's step can bear; median over the last quarter of the run.",
            Predicts = static p => !p.SeesOrigin && (p.Degree == 1 || p.SeesNoUnits),
            Share = ProbeMeasure.NearOne,
            AgreesFrom = 0.9,
        },
        new() { Name = "edge.sharpness", Title = "sharpness", Description = "The largest eigenvalue of the Hessian, not preconditioned; median over the last quarter.", Share = null, InMatrix = false, Format = "0.0" },
        new() { Name = "edge.loss", Title = "loss", Description = "The loss at the end.", Share = null, InMatrix = false, Format = "0.0e0" },
    ];

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var network = new TanhNetwork(width: 16, points: 24, degree: 5);
        using var run = new ProbeRun(rule, network.Shapes);
        var degree = rule.Properties.StepDegree;
        var stable = degree >= 1 && !rule.Properties.SeesOrigin ? StableCurvature.Of(rule) : double.NaN;
        var (heldStable, exponent) = rule.Properties.SeesNoUnits && !rule.Properties.SeesOrigin ? StableCurvature.OfHeldMoment(rule) : (double.NaN, double.NaN);
        var rate = degree >= 1 ? (double.IsFinite(stable) ? stable : 2) / Limit : NormalizedRate;
        var (parameters, gradient) = (network.Start(seed: 1, gain: 1), new double[network.Count]);
        Scatter(parameters, run, static (r, k) => r.Values(k));
        var (ratios, sharpnesses, loss, firstLoss) = (new List<double>(), new List<double>(), 0.0, 0.0);
        for (var t = 1; t <= Steps; t++)
        {
            loss = network.LossAndGradient(parameters, gradient);
            firstLoss = t == 1 ? loss : firstLoss;
            Scatter(gradient, run, static (r, k) => r.Gradient(k));
            run.Step(double.IsFinite(loss) ? rate : double.NaN);
            Gather(run, parameters);
            if (t <= Steps * 3 / 4 || t % Every != 0)
                continue;
            sharpnesses.Add(Sharpness(network, parameters, null));
            if (double.IsFinite(stable))
                ratios.Add(sharpnesses[^1] * rate / stable);
            else if (double.IsFinite(heldStable))
                ratios.Add(Sharpness(network, parameters, Preconditioner(run, exponent)) * rate / heldStable);
        }

        steps = run.Steps;
        if (!(loss < 10 * firstLoss))
            throw new DivergedException(FormattableString.Invariant($"the loss rose from {firstLoss:0.0e0} to {loss:0.0e0} in {steps} steps"));
        return new Dictionary<string, double> { ["edge.ratio"] = Median(ratios), ["edge.sharpness"] = Median(sharpnesses), ["edge.loss"] = loss };
    }

    /// <summary>P^(−1/2) for each element, from the second moments.</summary>
    private static double[] Preconditioner(ProbeRun run, double exponent) =>
        [.. from state in run.States
            from v in MemoryMarshal.Cast<byte, double>(state.Tensors.First(t => t.Name == "second_moment").Value.bytes).ToArray()
            select Math.Pow(v, -exponent / 2)];

    private static double Sharpness(TanhNetwork network, double[] at, double[]? scale)
    {
        var random = new SeededRandom(3, "lanczos");
        var (forward, backward, point) = (new double[at.Length], new double[at.Length], new double[at.Length]);
        return Lanczos.Largest(
            (v, result) =>
            {
                var direction = scale is null ? v : [.. v.Zip(scale, static (a, b) => a * b)];
                var h = 1e-5 / TensorPrimitives.Norm<double>(direction);
                TensorPrimitives.MultiplyAdd(direction, h, at, point);
                network.LossAndGradient(point, forward);
                TensorPrimitives.MultiplyAdd(direction, -h, at, point);
                network.LossAndGradient(point, backward);
                for (var i = 0; i < result.Length; i++)
                    result[i] = (forward[i] - backward[i]) / (2 * h) * (scale?[i] ?? 1);
            },
            [.. at.Select(_ => random.NextNearlyNormal())],
            LanczosSteps);
    }

    private static double Median(List<double> values)
    {
        if (values.Count == 0)
            return double.NaN;
        values.Sort();
        return values[values.Count / 2];
    }

    private delegate Span<double> Numbers(ProbeRun run, int parameter);

    private static void Scatter(ReadOnlySpan<double> all, ProbeRun run, Numbers numbers)
    {
        var at = 0;
        for (var k = 0; k < 6; k++)
        {
            var to = numbers(run, k);
            all.Slice(at, to.Length).CopyTo(to);
            at += to.Length;
        }
    }

    private static void Gather(ProbeRun run, Span<double> all)
    {
        var at = 0;
        for (var k = 0; k < 6; k++)
        {
            var from = run.Values(k);
            from.CopyTo(all[at..]);
            at += from.Length;
        }
    }
}
