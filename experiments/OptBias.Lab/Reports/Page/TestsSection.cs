using System.Text;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Page;

/// <summary>Comparisons on the same seeds: difference, p, corrected p, effect size, each beside what it can and cannot show.</summary>
internal static class TestsSection
{
    private const double Level = 0.05;

    public static void Write(StringBuilder page, IReadOnlyList<PairwiseTest> planned, IReadOnlyList<PairwiseTest> explored)
    {
        Write(page, "Planned tests", "These comparisons were written down before the runs (docs/studies.md), and p is corrected among them.", planned);
        Write(page, "Comparisons on the same seeds, exploratory", "Nobody wrote these down before the runs: they suggest, and prove nothing.", explored);
    }

    private static void Write(StringBuilder page, string title, string what, IReadOnlyList<PairwiseTest> tests)
    {
        if (tests.Count == 0)
            return;
        var pairs = tests.Max(t => t.Pairs);
        var folded = Folded(tests);
        page.Append($"<h2>{title}</h2>\n<p class=\"note\">{what}</p>\n");
        Power(page, tests);
        if (folded is not null)
            page.Append($"<details>\n<summary>{Escape(folded)}</summary>\n");
        page.Append($"<p class=\"note\">Difference: mean over seeds of optimizer − baseline with its {Escape(Counted.IntervalName(pairs))}. p: two-sided paired permutation test; corrected after Holm over all rows of this table. Effect size: paired Hedges g with its 95% interval. Bold: corrected p at most 0.05.</p>\n");
        page.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Metric</th><th class=\"left\">Optimizer</th><th class=\"left\">Baseline</th><th>Seeds</th><th>Difference</th><th>p</th><th>p, corrected</th><th>Effect size g</th></tr></thead>\n<tbody>\n");
        foreach (var test in tests)
        {
            var clear = test.HolmPValue <= Level ? " class=\"clear\"" : "";
            var format = test.Difference.Finer(test.Format);
            page.Append($"<tr data-optimizer=\"{Escape(test.Optimizer)}\"><td>{Escape(test.Metric)}</td><td class=\"left\">{Breakable(test.Optimizer)}</td><td class=\"left\">{Breakable(test.Baseline)}{(test.Note.Length == 0 ? "" : $" <span class=\"variant\">{Escape(test.Note)}</span>")}</td><td>{test.Pairs}</td>")
                .Append($"<td{clear}>{Escape(Numbers.Of(test.Difference.Estimate, format))}{Numbers.Span(test.Difference, format)}</td>")
                .Append($"<td>{Escape(Numbers.P(test.PValue))}</td><td{clear}>{Escape(Numbers.P(test.HolmPValue))}</td>")
                .Append($"<td>{Escape(Numbers.Of(test.EffectSize.Estimate, "0.0"))}{Numbers.Span(test.EffectSize, "0.0")}</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
        if (folded is not null)
            page.Append("</details>\n");
    }

    /// <summary>What stands on a folded table; null where it is open. A table of p-values that cannot be small says nothing, and looks as if it did.</summary>
    private static string? Folded(IReadOnlyList<PairwiseTest> tests) =>
        Smallest(tests) > Level ? $"The {tests.Count} comparisons, with p-values that cannot be small" : null;

    private static double Smallest(IReadOnlyList<PairwiseTest> tests) => tests.Select(t => t.SmallestPossiblePValue).Where(p => !double.IsNaN(p)).DefaultIfEmpty(0).Min();

    /// <summary>With few seeds no difference, however large, can be significant. A reader has to know.</summary>
    private static void Power(StringBuilder page, IReadOnlyList<PairwiseTest> tests)
    {
        var smallest = Smallest(tests);
        var corrected = Math.Min(1, smallest * tests.Count);
        if (smallest > Level)
            page.Append($"<div class=\"warning\"><p>With this many seeds the smallest p that the test can give is {Escape(Numbers.P(smallest))}: no difference, however large, can pass 0.05. Read the intervals and the effect sizes.</p></div>\n");
        else if (corrected > Level)
            page.Append($"<div class=\"warning\"><p>The smallest p that this many seeds can give is {Escape(Numbers.P(smallest))}. The first of {tests.Count} comparisons is multiplied by {tests.Count}, so corrected values at or below 0.05 are out of reach for a single one. Read the intervals and the effect sizes.</p></div>\n");
    }
}
