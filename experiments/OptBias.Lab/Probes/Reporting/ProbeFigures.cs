using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Probes.Reporting;

/// <summary>The probes' shares as one picture.</summary>
internal static class ProbeFigures
{
    private const string Single = "Others";

    /// <summary>All rules by all measures that are shares.</summary>
    public static ShareMatrixFigure All(ProbeResults results) => Of(
        results, results.Probes, "probe-matrix", "What each rule prefers: shares of the optimum on problems with known solutions",
        "Each cell is a share of an exact optimum. Framed: the theory of the column predicts that a rule with such derived properties reaches the bar that the tables name (dashed: it does not). Bold: the best of the column. Empty: no value, the tables say why.");

    /// <summary>All rules by the margins of the matrix problem alone.</summary>
    public static ShareMatrixFigure Geometries(ProbeResults results) => Of(
        results, [.. results.Probes.Where(p => p is MatrixMarginProbe)], "geometry-matrix", "Declare the geometry, get the solution: margins of a linear model in seven norms",
        "Shares of the largest margin in the norm of each column, all certified. Framed: the rule is steepest descent in the column's norm, by its derived properties.");

    /// <summary>The singular values of the hidden layer's change under rules that theory speaks of; null where none of them was probed.</summary>
    public static LineFigure? Spectra(ProbeResults results)
    {
        if (results.Probes.OfType<WeightChangeProbe>().FirstOrDefault() is not { } probe)
            return null;
        var places = Enumerable.Range(1, WeightChangeProbe.Width).ToArray();
        LineSeries[] series =
        [
            .. from rule in LineUp.Spectra(results.Rules)
               let outcome = results.Of(probe, rule)
               where outcome.Failure is null
               select new LineSeries(rule.Name, [.. places.Select(i => (double)i)], [.. places.Select(i => Of(outcome, $"spectrum.2.{i}"))]),
        ];
        return series.Length == 0 ? null : new()
        {
            Id = "weight-change",
            Title = "Singular values of the hidden layer's weight change, at the same loss",
            Caption = "Each over the largest. A network 24 → 32 → 32 → 6, every rule stopped at a loss of 0.05; bands, where there are any, are 95% intervals of the mean over seeds.",
            X = new("place", Minimum: 1),
            Y = new("singular value over the largest", Minimum: 0),
            Series = series,
        };
    }

    private static Interval Of(ProbeOutcome outcome, string name) => new(outcome[name], outcome[name + ".low"], outcome[name + ".high"]);

    private static ShareMatrixFigure Of(ProbeResults results, IReadOnlyList<Probe> probes, string id, string title, string caption)
    {
        var blocks = Blocks(probes);
        var columns = blocks.SelectMany(b => b.Columns).ToArray();
        var rows = LineUp.Blocks(results.Rules);
        var rules = rows.SelectMany(b => b.Rules).ToArray();
        var (shares, marks) = (new double[rules.Length, columns.Length], new ShareMark[rules.Length, columns.Length]);
        for (var r = 0; r < rules.Length; r++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                shares[r, c] = results.Share(columns[c].Probe, columns[c].Measure, rules[r]);
                marks[r, c] = results.Judge(columns[c].Probe, columns[c].Measure, rules[r]) switch
                {
                    Agreement.Agrees => ShareMark.Agrees,
                    Agreement.Differs => ShareMark.Differs,
                    _ => ShareMark.None,
                };
            }
        }

        return new()
        {
            Id = id,
            Title = title,
            Caption = caption,
            Rows = [.. rows.Select(b => new ShareRows(b.Heading, [.. b.Rules.Select(r => r.Name)]))],
            Columns = [.. blocks.Select(b => new ShareColumns(b.Heading, [.. b.Columns.Select(c => b.Heading == Single ? c.Probe.Title : c.Measure.Title)]))],
            Shares = shares,
            Marks = marks,
        };
    }

    /// <summary>A block for each probe; those with a single column share the last one.</summary>
    private static List<(string Heading, (Probe Probe, ProbeMeasure Measure)[] Columns)> Blocks(IReadOnlyList<Probe> probes)
    {
        var all = probes.Select(p => (p.Title, Columns: p.Measures.Where(m => m.InMatrix).Select(m => (p, m)).ToArray())).ToArray();
        return [.. all.Where(b => b.Columns.Length > 1), .. all.Where(b => b.Columns.Length == 1).SelectMany(b => b.Columns).ToArray() is { Length: > 0 } single ? [(Single, single)] : Array.Empty<(string, (Probe, ProbeMeasure)[])>()];
    }
}
