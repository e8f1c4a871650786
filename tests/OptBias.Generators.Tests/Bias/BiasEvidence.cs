using OptBias.Kernels;
using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Generators.Tests;

/// <summary>What is seen of a property.</summary>
internal enum Evidence
{
    /// <summary>It held, to rounding.</summary>
    Held,

    /// <summary>It failed by far more than rounding.</summary>
    Failed,

    /// <summary>Rounding is magnified so much that nothing can be said.</summary>
    Unclear,
}

/// <summary>
/// What is seen of the properties of a rule on matrices in float64: gradients and start are changed, the optimizer runs once more,
/// and its path is compared with the changed path. Nothing here knows what the declaration claims.
/// </summary>
internal sealed class BiasEvidence
{
    /// <summary>Differences below it are rounding.</summary>
    private const double Rounding = 1e-9;

    /// <summary>A property that fails does so by more.</summary>
    private const double Gross = 1e-6;

    /// <summary>Steps that differ only since the parameter is elsewhere differ by less than this, and so many times the distance.</summary>
    private const double Parted = 0.1;

    private const double Parting = 100;

    /// <summary>What a term of 1e-7 is beside the shortest of signals.</summary>
    private const double SmallTerm = 1e-3;

    /// <summary>How many times as much as noise in the input's last bits a difference may be.</summary>
    private const double Slack = 100;

    private readonly OptimizerDescriptor descriptor;
    private readonly RuleBias rule;
    private readonly Dictionary<string, double> values = new(StringComparer.Ordinal);
    private readonly Dictionary<(MatrixProblem Problem, Backend Backend), (List<double[]> Path, double Tolerance)> known = [];
    private readonly Dictionary<int, MatrixProblem> problems = [];
    private readonly bool hasSinglePrecision;
    private readonly bool hasSmallTerm;

    [ThreadStatic]
    private static int failedRoots;

    /// <summary>Warnings come on the thread that takes the step.</summary>
    static BiasEvidence() => MatrixWarnings.Handler = static _ => failedRoots++;

    public BiasEvidence(OptimizerDescriptor descriptor, RuleBias rule)
    {
        this.descriptor = descriptor;
        this.rule = rule;
        this.Side = Math.Min(4, rule.LargestSide ?? 4);
        foreach (var h in descriptor.Hyperparameters)
        {
            if (rule.JudgedAtZero.Any(name => h.Name == name || h.Name.EndsWith("_" + name, StringComparison.Ordinal)))
                this.values[h.Name] = h.Range.StartsWith('(') ? 1e-300 : 0;
        }

        // Within eight steps roots and bases must be refreshed more than once.
        foreach (var h in descriptor.Hyperparameters.Where(h => h.Name.EndsWith("update_every", StringComparison.Ordinal)))
            this.values[h.Name] = Math.Min(h.Default, 2);

        // Eigenbases are rounded to float32 whatever the type, and Newton-Schulz adds 1e-7 to a norm.
        this.hasSinglePrecision = descriptor.Formulas.Contains("eigenvectors", StringComparison.Ordinal);
        this.hasSmallTerm = descriptor.Formulas.Contains("NewtonSchulz", StringComparison.Ordinal);
    }

    /// <summary>How large last bits are.</summary>
    private double Noise => this.hasSinglePrecision ? 1e-7 : 1e-15;

    /// <summary>The side of the matrices that it is tried on.</summary>
    public int Side { get; }

    /// <summary>The degree that fits the first step that is taken; NaN where none is.</summary>
    public double FittedDegree { get; private set; } = double.NaN;

    /// <summary>What is seen of a property.</summary>
    /// <param name="property">Its name.</param>
    /// <param name="seed">The seed of start, gradients and change.</param>
    /// <param name="backend">The path.</param>
    public Evidence Of(string property, int seed, Backend backend)
    {
        using var scope = NewDisposeScope();
        if (!this.problems.TryGetValue(seed, out var problem))
            this.problems.Add(seed, problem = MatrixProblem.Make(seed, this.Side));
        try
        {
            return this.Of(property, problem, seed, backend);
        }
        catch (Exception failure) when (failure is PreconditionerException or FailedRootException)
        {
            // A factor that has no roots in float64 refuses the step or keeps old ones: the path is another rule's.
            return Evidence.Unclear;
        }
    }

    private Evidence Of(string property, MatrixProblem problem, int seed, Backend backend)
    {
        return property switch
        {
            BiasProperty.Degree => this.Degree(problem, backend),
            BiasProperty.SeesNoUnits => this.Compare(problem, problem.WithUnits(seed), static path => path, backend),
            BiasProperty.SeesNoOrigin => this.Origin(problem, seed, backend),
            BiasProperty.KeepsSigns => this.KeepsSigns(problem, backend),
            BiasProperty.BoundedStep => this.Bound(problem, backend),
            _ => this.Symmetry(problem, property, seed, backend),
        };
    }

    private Evidence Degree(MatrixProblem problem, Backend backend)
    {
        if (double.IsNaN(this.FittedDegree))
            this.FittedDegree = this.Fit(problem, this.Plain(problem, backend).Path, backend);

        // Nothing moves, or nothing is finite.
        if (!double.IsFinite(this.FittedDegree))
            return Evidence.Unclear;

        // A fit has an error of its own; where it is next to the degree that is claimed, that one is tried too.
        if (Math.Abs(this.rule.Degree - this.FittedDegree) < 1e-2 && this.OfDegree(this.rule.Degree, problem, backend) is not Evidence.Failed and var claimed)
        {
            this.FittedDegree = this.rule.Degree;
            return claimed;
        }

        return this.OfDegree(this.FittedDegree, problem, backend);
    }

    /// <summary>The degree of the first step: roughly from a very small one, and then exactly from one of the size that is to be compared.</summary>
    private double Fit(MatrixProblem problem, List<double[]> path, Backend backend)
    {
        const double Small = 1e-9;
        var rough = Ratio(this.Run(problem, backend, Small), this.Run(problem.Scaled(16), backend, Small)) / 4;
        if (double.IsNaN(rough))
            return rough;
        var c = Math.Pow(2, 20);
        var exact = Math.Round(rough + (Ratio(path, this.Run(problem.Scaled(c), backend, problem.LearningRate * Math.Pow(c, -rough))) / 20), 12);
        return Math.Abs(exact - Math.Round(exact, 9)) < 2e-11 ? Math.Round(exact, 9) : exact;
    }

    /// <summary>How a path behaves whose gradients are larger or smaller, and its learning rate so that a degree is made up for.</summary>
    private Evidence OfDegree(double degree, MatrixProblem problem, Backend backend)
    {
        if (this.hasSmallTerm)
            return this.Far(degree, problem, backend, 12) is not Evidence.Failed and var large ? large : this.Far(degree, problem, backend, -12);

        var (path, tolerance) = this.Plain(problem, backend);
        return Worse(Judge(Distance(path, this.Scaled(degree, problem, backend, 20)), tolerance), Judge(Distance(path, this.Scaled(degree, problem, backend, -20)), tolerance));
    }

    /// <summary>The same where a small term is nothing: far on the one side, or on the other; towards the middle only gross differences count.</summary>
    private Evidence Far(double degree, MatrixProblem problem, Backend backend, int exponent)
    {
        var (path, tolerance) = (this.Scaled(degree, problem, backend, exponent), Math.Max(this.Plain(problem, backend).Tolerance, 1e-5));
        for (var k = 3; k <= 5; k++)
            tolerance = Math.Max(tolerance, Slack * Distance(path, this.Scaled(degree, problem.Noisy(k, this.Noise), backend, exponent)));
        return Distance(path, this.Scaled(degree, problem, backend, -exponent / 3)) > Parted && tolerance < Parted
            ? Evidence.Failed
            : Judge(Distance(path, this.Scaled(degree, problem, backend, 2 * exponent)), tolerance);
    }

    private List<double[]> Scaled(double degree, MatrixProblem problem, Backend backend, int exponent) =>
        this.Run(problem.Scaled(Math.Pow(2, exponent)), backend, problem.LearningRate * Math.Pow(2, -exponent * degree));

    private static double Ratio(List<double[]> path, List<double[]> other)
    {
        for (var t = 1; t < path.Count; t++)
        {
            var (a, b) = (Norm(path[t], path[0]), Norm(other[t], other[0]));
            if (a > 0 && b > 0)
                return Math.Log2(b / a);
        }

        return double.NaN;
    }

    private Evidence Origin(MatrixProblem problem, int seed, Backend backend)
    {
        var moved = problem.Moved(seed, out var by);
        return this.Compare(problem, moved, path => [.. path.Zip(by, static (a, b) => a + b)], backend, this.hasSmallTerm ? SmallTerm : 0);
    }

    private Evidence Symmetry(MatrixProblem problem, string property, int seed, Backend backend)
    {
        var dot = property.IndexOf('.', StringComparison.Ordinal);
        var part = property[..dot] is "direction" or "length" ? property[..dot] : "";
        var map = MatrixMap.Make(part.Length == 0 ? property : property[(dot + 1)..], this.Side, seed);
        var mapped = problem.Mapped(map);
        if (part.Length == 0)
            return this.Compare(problem, mapped, map.Apply, backend);

        // Where the parameter is read, paths with other directions part ways: after the first step only gross differences count.
        var isExact = this.rule.SeesNoOrigin == Answer.Yes;
        var (path, tolerance) = this.Plain(problem, backend);
        var other = this.Run(mapped, backend);
        var distance = 0.0;
        for (var t = 1; t < path.Count; t++)
        {
            var (a, b) = (Step(path, t), Step(other, t));
            var parted = isExact || t == 1 ? 0 : Parted + (Parting * Farthest(map.Apply(path[t - 1]), other[t - 1]));
            for (var p = 0; p < MatrixProblem.Count; p++)
            {
                var (x, y) = (Part(a, p), Part(b, p));
                var (lengthX, lengthY) = (Length(x), Length(y));
                if (lengthX == 0 || lengthY == 0)
                    continue;
                var mappedX = map.Apply(x);
                var seen = part == "length"
                    ? Math.Abs(lengthX - lengthY) / lengthX
                    : mappedX.Zip(y, (u, v) => Math.Abs((u / lengthX) - (v / lengthY))).Max();
                if (seen > parted || parted == 0)
                    distance = Math.Max(distance, seen);
            }
        }

        return Judge(distance, tolerance);
    }

    /// <summary>An element that starts at 1e-60 stays there, where the flow stands still at zero; elsewhere it goes as far as its first step takes it.</summary>
    private Evidence KeepsSigns(MatrixProblem problem, Backend backend)
    {
        // Without its epsilon a variance divides by what rounding leaves of zero, where a gradient has not changed yet.
        if (this.Side < 2 || this.descriptor.Formulas.Contains('ḡ', StringComparison.Ordinal))
            return Evidence.Unclear;
        var path = this.Run(problem.WithTinyElements(out var tiny), backend);
        var (small, large) = (0.0, 0.0);
        for (var i = 0; i < path[0].Length; i++)
        {
            var moved = path.Max(place => Math.Abs(place[i] - path[0][i]));
            if (tiny[i])
                small = Math.Max(small, moved);
            else
                large = Math.Max(large, moved);
        }

        return !double.IsFinite(small) || !double.IsFinite(large) || large == 0 ? Evidence.Unclear : small <= 1e-40 ? Evidence.Held : Evidence.Failed;
    }

    private Evidence Bound(MatrixProblem problem, Backend backend)
    {
        var path = this.Run(problem.Scaled(1e3), backend);
        for (var t = 1; t < path.Count; t++)
        {
            var step = Step(path, t);
            for (var p = 0; p < MatrixProblem.Count; p++)
            {
                var size = StepSizes.Of(this.rule.Step.Norm, Part(step, p), Part(path[t - 1], p), this.Side) / problem.LearningRate;
                if (size > this.rule.Step.Value * (1 + 1e-6))
                    return Evidence.Failed;
            }
        }

        return Evidence.Held;
    }

    private Evidence Compare(MatrixProblem problem, MatrixProblem changed, Func<double[], double[]> map, Backend backend, double least = 0)
    {
        var (path, tolerance) = this.Plain(problem, backend);
        return Judge(Distance([.. path.Select(map)], this.Run(changed, backend)), Math.Max(tolerance, least));
    }

    private static Evidence Judge(double distance, double tolerance) =>
        tolerance > 1e-2 || double.IsNaN(tolerance) ? Evidence.Unclear
        : distance <= tolerance ? Evidence.Held
        : distance > Math.Max(Gross, 10 * tolerance) || double.IsNaN(distance) ? Evidence.Failed
        : Evidence.Unclear;

    private static Evidence Worse(Evidence a, Evidence b) =>
        a == Evidence.Failed || b == Evidence.Failed ? Evidence.Failed : a == Evidence.Unclear ? a : b;

    /// <summary>
    /// The path of a problem as it is, and what differences from it are rounding: a little, or what the rule makes of other last
    /// bits; of the last bits of float32 where it rounds to that inside.
    /// </summary>
    private (List<double[]> Path, double Tolerance) Plain(MatrixProblem problem, Backend backend)
    {
        if (this.known.TryGetValue((problem, backend), out var plain))
            return plain;
        var (path, tolerance) = (this.Run(problem, backend), Rounding);
        for (var k = 1; k <= 2; k++)
            tolerance = Math.Max(tolerance, Slack * Distance(path, this.Run(problem.Noisy(k, this.Noise), backend)));
        this.known.Add((problem, backend), (path, tolerance));
        return (path, tolerance);
    }

    /// <summary>The largest difference of two paths, in units of the way that was gone.</summary>
    private static double Distance(List<double[]> a, List<double[]> b)
    {
        var (way, difference) = (0.0, 0.0);
        for (var t = 1; t < a.Count; t++)
        {
            for (var i = 0; i < a[t].Length; i++)
            {
                way = Math.Max(way, Math.Abs(a[t][i] - a[0][i]));
                var d = Math.Abs(a[t][i] - b[t][i]);
                if (!(d <= difference))
                    difference = d;
            }
        }

        return difference == 0 ? 0 : difference / way;
    }

    /// <summary>How far two places are from each other, beside how far they are from zero.</summary>
    private static double Farthest(double[] a, double[] b) => a.Zip(b, static (x, y) => Math.Abs(x - y)).Max() / a.Max(Math.Abs);

    private static double Norm(double[] a, double[] b) => Math.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum());

    private static double[] Step(List<double[]> path, int t) => [.. path[t].Zip(path[t - 1], static (a, b) => a - b)];

    private static double[] Part(double[] all, int parameter) => all[(parameter * all.Length / MatrixProblem.Count)..((parameter + 1) * all.Length / MatrixProblem.Count)];

    private static double Length(double[] x) => Math.Sqrt(x.Sum(static v => v * v));

    private List<double[]> Run(MatrixProblem problem, Backend backend, double? learningRate = null)
    {
        var values = new Dictionary<string, double>(this.values, StringComparer.Ordinal);
        foreach (var h in this.descriptor.Hyperparameters.Where(h => h.Name == "lr" || h.Name.EndsWith("_lr", StringComparison.Ordinal)))
            values[h.Name] = learningRate ?? problem.LearningRate;
        failedRoots = 0;
        var path = problem.Run(this.descriptor, values, backend);
        return failedRoots == 0 ? path : throw new FailedRootException();
    }

    /// <summary>A root was kept since the new one could not be computed.</summary>
    private sealed class FailedRootException : Exception;
}
