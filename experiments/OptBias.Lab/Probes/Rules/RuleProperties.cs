using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Problems;

namespace OptBias.Lab.Probes.Rules;

/// <summary>What is known of a rule before it meets a problem. The probes' step sizes and predictions follow from it, and from nothing else.</summary>
public sealed record RuleProperties
{
    private const int Rows = 4;
    private const int Columns = 6;
    private const int Steps = 12;
    private const double Tolerance = 1e-4;

    /// <summary>p: gradients c times as large give steps cᵖ times as large; null where that does not hold for any p.</summary>
    public required double? Degree { get; init; }

    /// <summary>Whether positive factors, one for each element of the gradient, change nothing.</summary>
    public required bool SeesNoUnits { get; init; }

    /// <summary>Whether the rule turns with every orthogonal map of the whole tensor.</summary>
    public required bool RotatesAsAWhole { get; init; }

    /// <summary>Whether the rule turns with rotations of the rows and of the columns of a matrix.</summary>
    public required bool RotatesRowsAndColumns { get; init; }

    /// <summary>Whether a parameter at zero stays there: such a rule needs a start beside zero.</summary>
    public required bool StaysAtZero { get; init; }

    /// <summary>The degree that step sizes use: 0 where there is none.</summary>
    public double StepDegree => this.Degree ?? 0;

    /// <summary>The properties that hold, in words.</summary>
    public IEnumerable<string> InWords()
    {
        if (this.SeesNoUnits)
            yield return "sees no units";
        if (this.RotatesAsAWhole)
            yield return "turns with the whole tensor";
        else if (this.RotatesRowsAndColumns)
            yield return "turns with rows and columns";
        if (this.StaysAtZero)
            yield return "stays at zero";
    }

    /// <summary>The properties of a rule.</summary>
    public static RuleProperties Of(ProbeRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var random = new SeededRandom(0, "rule properties");
        var gradients = Enumerable.Range(0, Steps).Select(_ => Normal(random)).ToArray();
        var plain = Trajectory(rule, gradients, 1);
        if (plain is null)
            return new() { Degree = null, SeesNoUnits = false, RotatesAsAWhole = false, RotatesRowsAndColumns = false, StaysAtZero = false };
        var factors = Normal(random).Select(Math.Exp).ToArray();
        var whole = OrthonormalRows.Make(random, Rows * Columns, Rows * Columns);
        var (left, right) = (OrthonormalRows.Make(random, Rows, Rows), OrthonormalRows.Make(random, Columns, Columns));
        var atZero = Trajectory(rule, gradients, 0);
        return new()
        {
            Degree = DegreeOf(plain, Trajectory(rule, [.. gradients.Select(g => g.Select(x => 16 * x).ToArray())], 1), 16),
            SeesNoUnits = Same(plain, Trajectory(rule, [.. gradients.Select(g => Times(g, factors))], 1)),
            RotatesAsAWhole = Same(Apply(whole, plain), Trajectory(rule, [.. gradients.Select(g => Apply(whole, g))], 1, v => Apply(whole, v))),
            RotatesRowsAndColumns = Same(Both(left, right, plain), Trajectory(rule, [.. gradients.Select(g => Both(left, right, g))], 1, v => Both(left, right, v))),
            StaysAtZero = atZero is not null && atZero.All(x => x == 0),
        };
    }

    /// <summary>What a sequence of gradients moves a parameter by, over the learning rate; null where the rule leaves the finite numbers.</summary>
    private static double[]? Trajectory(ProbeRule rule, double[][] gradients, double scale, Func<double[], double[]>? map = null)
    {
        const double Rate = 1e-7;
        var start = Normal(new SeededRandom(1, "rule properties")).Select(x => scale * x).ToArray();
        start = map is null ? start : map(start);
        try
        {
            using var run = new ProbeRun(rule, [Rows, Columns]);
            start.CopyTo(run.Values());
            foreach (var gradient in gradients)
            {
                gradient.CopyTo(run.Gradient());
                run.Step(Rate);
            }

            var moved = run.Values().ToArray().Select((x, i) => (x - start[i]) / Rate).ToArray();
            return moved.All(double.IsFinite) ? moved : null;
        }
        catch (DivergedException)
        {
            return null;
        }
    }

    private static double? DegreeOf(double[] plain, double[]? scaled, double factor)
    {
        if (scaled is null || TensorPrimitives.Norm<double>(plain) == 0)
            return null;
        var degree = Math.Round(12 * Math.Log(TensorPrimitives.Norm<double>(scaled) / TensorPrimitives.Norm<double>(plain)) / Math.Log(factor)) / 12;
        return Same([.. plain.Select(x => x * Math.Pow(factor, degree))], scaled) ? degree : null;
    }

    private static bool Same(double[] expected, double[]? seen) =>
        seen is not null && TensorPrimitives.Distance<double>(expected, seen) <= Tolerance * TensorPrimitives.Norm<double>(expected);

    private static double[] Normal(SeededRandom random) => [.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextNearlyNormal())];

    private static double[] Times(double[] a, double[] b) => [.. a.Zip(b, static (x, y) => x * y)];

    private static double[] Apply(double[][] map, double[] v) => [.. map.Select(row => TensorPrimitives.Dot<double>(row, v))];

    private static double[] Both(double[][] left, double[][] right, double[] matrix) =>
        [.. from i in Enumerable.Range(0, Rows)
            from j in Enumerable.Range(0, Columns)
            select Enumerable.Range(0, Rows * Columns).Sum(k => left[i][k / Columns] * matrix[k] * right[j][k % Columns])];
}
