using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Problems;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>Two tasks of linear regression, one after the other, whose input spaces overlap: what does the second one destroy of the first?</summary>
/// <remarks>
/// <para>
/// Task k has the loss <c>½ ‖U_k (w − w*)‖²</c>, where U_k holds 20 orthonormal rows in 60 dimensions: row i of the second is
/// <c>cos θ_i u_i + sin θ_i v_i</c> with u_i row i of the first and v_i orthogonal to the first's space. The angles θ_i go from 5° to 85°;
/// they are the principal angles of the two spaces.
/// </para>
/// <para>
/// Gradient descent moves in the span of the inputs only. From zero it ends task 1 at P₁ w* and task 2 at P₁ w* + P₂ (w* − P₁ w*), so its
/// loss on task 1 is then <c>½ Σ (cos θ_i sin θ_i v_i·w*)²</c>.
/// </para>
/// </remarks>
public sealed class TwoTasksProbe : Probe
{
    private const int Rows = 6;
    private const int Columns = 10;
    private const int Inputs = 20;
    private const int MostSteps = 15_000;
    private const double LinearRate = 0.1;
    private const double NormalizedRate = 0.02;
    private const double Converged = 1e-10;
    private const double Learned = 1e-3;
    private readonly Lazy<Exact> exact = new(() => new Exact());

    /// <inheritdoc />
    public override string Name => "two-tasks";

    /// <inheritdoc />
    public override string Title => "Two tasks";

    /// <inheritdoc />
    public override string Problem => "Two tasks of linear regression in 60 dimensions (a 6 × 10 matrix), 20 orthonormal inputs each, principal angles from 5° to 85°; the second starts where the first ends, with fresh state. Steps of 0.1 for degree 1, of 0.02 times the relative residual for degree 0, until a residual of 1e-10 or for 15,000 steps. Exact: the loss of gradient descent on the first task after the second.";

    /// <inheritdoc />
    public override string Prediction => "Gradient descent moves in the span of the second task's inputs only, and forgets what the principal angles say.";

    /// <inheritdoc />
    public override string Source => "Evron et al. 2022 (arXiv 2205.09588)";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new()
        {
            Name = "two-tasks.in-span",
            Title = "in span",
            Description = "Share of the second task's whole movement that lies in the span of its inputs.",
            Predicts = static p => p.Degree == 1 && p.RotatesAsAWhole,
            AgreesFrom = 1 - 1e-6,
        },
        new()
        {
            Name = "two-tasks.forgetting",
            Title = "forgetting",
            Description = "Loss on the first task after the second, over that of gradient descent in closed form.",
            Predicts = static p => p.Degree == 1 && p.RotatesAsAWhole,
            Share = ProbeMeasure.NearOne,
            InMatrix = false,
            AgreesFrom = 1 - 1e-6,
            Format = "0.000",
        },
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> Certificates =>
        [FormattableString.Invariant($"loss on the first task after the second: by the principal angles {this.exact.Value.ByAngles:0.0000000000}, by projections {this.exact.Value.ByProjections:0.0000000000}")];

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var problem = this.exact.Value;
        var start = new double[Rows * Columns];
        if (rule.Properties.SeesOrigin)
            Array.Fill(start, 1e-4);
        var (first, learnedFirst, stepsOfFirst) = Learn(rule, problem, 0, start);
        var (second, learnedSecond, stepsOfSecond) = Learn(rule, problem, 1, first);
        steps = stepsOfFirst + stepsOfSecond;
        if (!learnedFirst || !learnedSecond)
            throw new DivergedException(FormattableString.Invariant($"a task was not learned in {MostSteps} steps"));
        var moved = second.Zip(first, static (a, b) => a - b).ToArray();
        var inSpan = problem.Project(1, moved);
        return new Dictionary<string, double>
        {
            ["two-tasks.in-span"] = TensorPrimitives.Norm<double>(inSpan) / TensorPrimitives.Norm<double>(moved),
            ["two-tasks.forgetting"] = problem.Loss(0, second) / problem.ByAngles,
        };
    }

    private static (double[] End, bool Learned, int Steps) Learn(ProbeRule rule, Exact problem, int task, double[] start)
    {
        using var run = new ProbeRun(rule, [Rows, Columns]);
        start.CopyTo(run.Values());
        var degree = rule.Properties.StepDegree;
        var rate = degree >= 1 ? LinearRate : NormalizedRate;
        var (relative, first) = (1.0, double.NaN);
        while (run.Steps < MostSteps)
        {
            var residual = problem.ResidualAndGradient(task, run.Values(), run.Gradient());
            first = run.Steps == 0 ? residual : first;
            relative = residual / first;
            if (relative <= Converged)
                break;
            run.Step(rate * Math.Pow(relative, 1 - degree));
        }

        return (run.Values().ToArray(), relative <= Learned, run.Steps);
    }

    private sealed class Exact
    {
        private readonly double[][][] inputs;
        private readonly double[] truth;

        public Exact()
        {
            var random = new SeededRandom(1, "two tasks");
            var basis = OrthonormalRows.Make(random, 2 * Inputs, Rows * Columns);

            // A positive truth, so that a rule that keeps signs can learn it.
            this.truth = [.. Enumerable.Range(0, Rows * Columns).Select(_ => Math.Abs(random.NextNearlyNormal()))];
            var angles = Enumerable.Range(0, Inputs).Select(i => (5 + (80.0 * i / (Inputs - 1))) * Math.PI / 180).ToArray();
            var second = Enumerable.Range(0, Inputs).Select(i => basis[i].Zip(basis[Inputs + i], (u, v) => (Math.Cos(angles[i]) * u) + (Math.Sin(angles[i]) * v)).ToArray()).ToArray();
            this.inputs = [basis[..Inputs], second];
            this.ByAngles = 0.5 * Enumerable.Range(0, Inputs).Sum(i => Math.Pow(Math.Cos(angles[i]) * Math.Sin(angles[i]) * TensorPrimitives.Dot<double>(basis[Inputs + i], this.truth), 2));

            var afterFirst = this.Project(0, this.truth);
            var rest = this.Project(1, [.. this.truth.Zip(afterFirst, static (a, b) => a - b)]);
            this.ByProjections = this.Loss(0, [.. afterFirst.Zip(rest, static (a, b) => a + b)]);
        }

        public double ByAngles { get; }

        public double ByProjections { get; }

        public double[] Project(int task, double[] v)
        {
            var result = new double[v.Length];
            foreach (var u in this.inputs[task])
                TensorPrimitives.MultiplyAdd(u, TensorPrimitives.Dot<double>(u, v), result, result);
            return result;
        }

        public double Loss(int task, double[] w) => 0.5 * this.inputs[task].Sum(u => Math.Pow(TensorPrimitives.Dot<double>(u, w) - TensorPrimitives.Dot<double>(u, this.truth), 2));

        public double ResidualAndGradient(int task, ReadOnlySpan<double> w, Span<double> gradient)
        {
            gradient.Clear();
            var sum = 0.0;
            foreach (var u in this.inputs[task])
            {
                var residual = TensorPrimitives.Dot(u, w) - TensorPrimitives.Dot<double>(u, this.truth);
                sum += residual * residual;
                TensorPrimitives.MultiplyAdd(u, residual, gradient, gradient);
            }

            return Math.Sqrt(sum);
        }
    }
}
