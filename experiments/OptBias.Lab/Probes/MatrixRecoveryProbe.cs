using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Metrics;
using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>The product of two matrices is fitted to some entries of a matrix of low rank, from a small start: what do the other entries become?</summary>
/// <remarks>
/// U and V are 12 × 12, the truth of rank 2 and Frobenius norm 12, and 90 of its 144 entries are seen. The loss is half the sum of squares of the
/// entries that are seen, over their number. Exact: the smallest nuclear norm of all matrices with these entries, certified by the spectral norm of
/// a weighted sum of the entries. The start has independent normal numbers with deviation 1e-2.
/// </remarks>
public sealed class MatrixRecoveryProbe : Probe
{
    private const int Size = 12;
    private const int Rank = 2;
    private const int Seen = 90;
    private const int MostSteps = 20_000;
    private const double LinearRate = 1;
    private const double NormalizedRate = 0.005;
    private const double Converged = 1e-6;
    private const double Fits = 1e-2;
    private readonly Lazy<Exact> exact = new(() => new Exact());

    /// <inheritdoc />
    public override string Name => "matrix-recovery";

    /// <inheritdoc />
    public override string Title => "Matrix recovery";

    /// <inheritdoc />
    public override string Problem => "The product of two 12 × 12 matrices, fitted to 90 entries of a matrix of rank 2, from a start of deviation 1e-2. Steps of 1 for degree 1, of 0.005 times the relative residual for degree 0, until a residual of 1e-6 or for 20,000 steps. Exact: the smallest nuclear norm of all matrices with these entries.";

    /// <inheritdoc />
    public override string Prediction => "Gradient descent from a small start finds a matrix of low rank, near the smallest nuclear norm.";

    /// <inheritdoc />
    public override string Source => "Gunasekar et al. 2017 (arXiv 1705.09280); Arora et al. 2019 (arXiv 1905.13655)";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new() { Name = "recovery.nuclear", Title = "nuclear", Description = "The smallest nuclear norm of all matrices with the entries over that of the rule's.", Predicts = static p => p.Degree == 1 && p.RotatesAsAWhole },
        new() { Name = "recovery.rank", Title = "rank", Description = "Effective rank of the product.", Share = null, InMatrix = false, Format = "0.0" },
        new() { Name = "recovery.error", Title = "error", Description = "Distance to the truth over all entries, over the truth's length.", Share = null, InMatrix = false, Format = "0.000" },
        new() { Name = "recovery.residual", Title = "residual", Description = "Residual at the end over the first one.", Share = null, InMatrix = false, Format = "0.0e0" },
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> Certificates
    {
        get
        {
            var r = this.exact.Value.Nuclear;
            return [FormattableString.Invariant($"smallest nuclear norm {r.Norm:0.0000000}, lower bound by the spectral norm {r.Bound:0.0000000}, relative gap {r.Gap:0.0e0}, residual {r.Residual:0.0e0}; the truth's {this.exact.Value.NuclearOfTruth:0.0000000}")];
        }
    }

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var problem = this.exact.Value;
        using var run = new ProbeRun(rule, [Size, Size], [Size, Size]);
        var random = new SeededRandom(2, "matrix recovery");
        for (var k = 0; k < 2; k++)
        {
            foreach (ref var x in run.Values(k))
                x = 1e-2 * random.NextNearlyNormal();
        }

        var degree = rule.Properties.StepDegree;
        var rate = degree >= 1 ? LinearRate : NormalizedRate;
        var (relative, first) = (1.0, double.NaN);
        while (run.Steps < MostSteps)
        {
            var residual = problem.ResidualAndGradients(run.Values(0), run.Values(1), run.Gradient(0), run.Gradient(1));
            first = run.Steps == 0 ? residual : first;
            relative = residual / first;
            if (relative <= Converged)
                break;
            run.Step(rate * Math.Pow(relative, 1 - degree));
        }

        steps = run.Steps;
        problem.ResidualAndGradients(run.Values(0), run.Values(1), run.Gradient(0), run.Gradient(1));
        var product = problem.Product;
        if (!(relative <= Fits))
            throw new DivergedException(FormattableString.Invariant($"no fit in {steps} steps, the residual is {relative:0.0e0} of the first"));
        return new Dictionary<string, double>
        {
            ["recovery.nuclear"] = problem.Nuclear.Norm / Geometry.Nuclear.Norm(product, Size),
            ["recovery.rank"] = EffectiveRank.Of(SmallSvd.Values(product, Size)),
            ["recovery.error"] = TensorPrimitives.Distance<double>(product, problem.Truth) / TensorPrimitives.Norm<double>(problem.Truth),
            ["recovery.residual"] = relative,
        };
    }

    private sealed class Exact
    {
        private readonly bool[] seen = new bool[Size * Size];

        /// <summary>The product, of the thread that computed it last.</summary>
        private readonly ThreadLocal<(double[] Product, double[] Residual)> work = new(() => (new double[Size * Size], new double[Size * Size]));

        public Exact()
        {
            var random = new SeededRandom(1, "matrix recovery");
            var left = Enumerable.Range(0, Size * Rank).Select(_ => random.NextNearlyNormal()).ToArray();
            var right = Enumerable.Range(0, Size * Rank).Select(_ => random.NextNearlyNormal()).ToArray();
            for (var i = 0; i < this.Truth.Length; i++)
                this.Truth[i] = TensorPrimitives.Dot<double>(left.AsSpan(i / Size * Rank, Rank), right.AsSpan(i % Size * Rank, Rank));
            TensorPrimitives.Multiply(this.Truth, Size / TensorPrimitives.Norm<double>(this.Truth), this.Truth);
            var entries = random.Permutation(Size * Size).Take(Seen).ToArray();
            foreach (var k in entries)
                this.seen[k] = true;
            this.Nuclear = SmallestNorm.Of(Geometry.Nuclear, Size, [.. entries.Select(k => { var a = new double[Size * Size]; a[k] = 1; return a; })], [.. entries.Select(k => this.Truth[k])]);
        }

        public double[] Truth { get; } = new double[Size * Size];

        public CertifiedNorm Nuclear { get; }

        public double NuclearOfTruth => Geometry.Nuclear.Norm(this.Truth, Size);

        public double[] Product => this.work.Value.Product;

        public double ResidualAndGradients(ReadOnlySpan<double> u, ReadOnlySpan<double> v, Span<double> gradientOfU, Span<double> gradientOfV)
        {
            var (product, residual) = this.work.Value;
            product.AsSpan().Clear();
            for (var i = 0; i < Size; i++)
            {
                var row = product.AsSpan(i * Size, Size);
                for (var k = 0; k < Size; k++)
                    TensorPrimitives.MultiplyAdd(v.Slice(k * Size, Size), u[(i * Size) + k], row, row);
            }

            for (var i = 0; i < residual.Length; i++)
                residual[i] = this.seen[i] ? (product[i] - this.Truth[i]) / Seen : 0;
            gradientOfV.Clear();
            for (var i = 0; i < Size; i++)
            {
                var row = residual.AsSpan(i * Size, Size);
                for (var k = 0; k < Size; k++)
                {
                    gradientOfU[(i * Size) + k] = TensorPrimitives.Dot(row, v.Slice(k * Size, Size));
                    var to = gradientOfV.Slice(k * Size, Size);
                    TensorPrimitives.MultiplyAdd(row, u[(i * Size) + k], to, to);
                }
            }

            return Seen * TensorPrimitives.Norm<double>(residual);
        }
    }
}
