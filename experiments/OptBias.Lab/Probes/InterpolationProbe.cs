using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>
/// Least squares with fewer equations than unknowns: every interpolating solution has loss 0, and a rule that starts at zero chooses one.
/// </summary>
/// <remarks>
/// <para>
/// 25 equations <c>⟨A_i, X⟩ = b_i</c> with normal A, 80 unknowns, of a truth with 4 positive elements. The loss is
/// <c>‖A x − b‖² / (2 · 25)</c>. Exact: the smallest L1, L2 and L∞ norm of all solutions; a measure is that norm over the rule's.
/// </para>
/// <para>
/// A step has the size <c>η r^(1−p)</c> for degree p, where r is the residual over its first value: a rule of degree 1 has a constant
/// step, one of degree 0 a step that shrinks with the residual, so that both can come to rest. A rule that depends on where the parameter
/// is starts at 1e-4 instead of zero (φ = 1e-2 under the power law with α = 2).
/// </para>
/// </remarks>
public sealed class InterpolationProbe : Probe
{
    private const int Equations = 25;
    private const int Rows = 8;
    private const int Columns = 10;
    private const int MostLinearSteps = 200_000;
    private const int MostNormalizedSteps = 60_000;
    private const double LinearRate = 0.02;
    private const double NormalizedRate = 0.002;
    private const double Converged = 1e-10;
    private const double Interpolates = 1e-3;
    private readonly Lazy<Exact> exact = new(() => new Exact());

    /// <inheritdoc />
    public override string Name => "interpolation";

    /// <inheritdoc />
    public override string Title => "Interpolation";

    /// <inheritdoc />
    public override string Problem => "Least squares, 25 equations, 80 unknowns (an 8 × 10 matrix), from zero, or from 1e-4 for a rule that sees the origin; the truth has 4 positive elements. Steps of 0.02 for degree 1, of 0.002 times the relative residual for degree 0, until the residual is 1e-10 of the first, at most 200,000 steps for degree 1 and 60,000 for degree 0. Exact: the smallest norm of all solutions.";

    /// <inheritdoc />
    public override string Prediction => "Gradient descent ends at the smallest L2 norm. The power law from a small positive start ends at the smallest L1 norm.";

    /// <inheritdoc />
    public override string Source => "Gunasekar et al. 2018 (arXiv 1802.08246); Woodworth et al. 2020 (arXiv 2002.09277)";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new() { Name = "interpolation.l1", Title = "L1", Description = "The smallest L1 norm of all solutions over that of the rule's.", Predicts = static p => p.KeepsSigns, AgreesFrom = 0.97 },
        new() { Name = "interpolation.l2", Title = "L2", Description = "The smallest L2 norm of all solutions over that of the rule's.", Predicts = static p => p.Degree == 1 && p.RotatesAsAWhole, AgreesFrom = 1 - 1e-6 },
        new() { Name = "interpolation.linf", Title = "L∞", Description = "The smallest L∞ norm of all solutions over that of the rule's." },
        new() { Name = "interpolation.error", Title = "error", Description = "Distance of the rule's solution to the sparse truth, over the truth's length.", Share = null, InMatrix = false, Format = "0.000" },
        new() { Name = "interpolation.residual", Title = "residual", Description = "Residual at the end over the first one.", Share = null, InMatrix = false, Format = "0.0e0" },
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> Certificates => this.exact.Value.Certificates;

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var problem = this.exact.Value;
        using var run = new ProbeRun(rule, [Rows, Columns]);
        var degree = rule.Properties.StepDegree;
        var rate = degree >= 1 ? LinearRate : NormalizedRate;
        if (rule.Properties.SeesOrigin)
            run.Values().Fill(1e-4);
        var relative = 1.0;
        var first = double.NaN;
        var most = degree >= 1 ? MostLinearSteps : MostNormalizedSteps;
        while (run.Steps < most)
        {
            var residual = problem.ResidualAndGradient(run.Values(), run.Gradient());
            first = run.Steps == 0 ? residual : first;
            relative = residual / first;
            if (relative <= Converged)
                break;
            run.Step(rate * Math.Pow(relative, 1 - degree));
        }

        steps = run.Steps;
        var x = run.Values().ToArray();
        if (!(relative <= Interpolates))
            throw new DivergedException(FormattableString.Invariant($"no solution in {steps} steps, the residual is {relative:0.0e0} of the first"));
        double Share(CertifiedNorm reference) => reference.Norm / reference.Geometry.Norm(x, Columns);
        return new Dictionary<string, double>
        {
            ["interpolation.l1"] = Share(problem.L1),
            ["interpolation.l2"] = Share(problem.L2),
            ["interpolation.linf"] = Share(problem.Linf),
            ["interpolation.error"] = TensorPrimitives.Distance<double>(x, problem.Truth) / TensorPrimitives.Norm<double>(problem.Truth),
            ["interpolation.residual"] = relative,
        };
    }

    private sealed class Exact
    {
        private readonly double[][] equations = new double[Equations][];
        private readonly double[] values = new double[Equations];

        public Exact()
        {
            var random = new SeededRandom(1, "interpolation");
            for (var i = 0; i < Equations; i++)
                this.equations[i] = [.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextNearlyNormal())];
            foreach (var k in random.Permutation(Rows * Columns).Take(4))
                this.Truth[k] = random.Uniform(0.5, 1.5);
            for (var i = 0; i < Equations; i++)
                this.values[i] = TensorPrimitives.Dot<double>(this.equations[i], this.Truth);
            (this.L1, this.L2, this.Linf) = (this.Smallest(Geometry.L1), this.Smallest(Geometry.Frobenius), this.Smallest(Geometry.Max));
        }

        public double[] Truth { get; } = new double[Rows * Columns];

        public CertifiedNorm L1 { get; }

        public CertifiedNorm L2 { get; }

        public CertifiedNorm Linf { get; }

        public IReadOnlyList<string> Certificates => [.. new[] { ("L1", this.L1), ("L2", this.L2), ("L∞", this.Linf) }.Select(r =>
            FormattableString.Invariant($"{r.Item1}: smallest norm {r.Item2.Norm:0.00000000}, lower bound by the dual norm {r.Item2.Bound:0.00000000}, relative gap {r.Item2.Gap:0.0e0}, residual {r.Item2.Residual:0.0e0}"))];

        /// <summary>‖A x − b‖; writes the gradient of ‖A x − b‖² / (2 n).</summary>
        public double ResidualAndGradient(ReadOnlySpan<double> x, Span<double> gradient)
        {
            gradient.Clear();
            var sum = 0.0;
            for (var i = 0; i < Equations; i++)
            {
                var residual = TensorPrimitives.Dot(this.equations[i], x) - this.values[i];
                sum += residual * residual;
                TensorPrimitives.MultiplyAdd(this.equations[i], residual / Equations, gradient, gradient);
            }

            return Math.Sqrt(sum);
        }

        private CertifiedNorm Smallest(Geometry geometry) => SmallestNorm.Of(geometry, Columns, this.equations, this.values);
    }
}
