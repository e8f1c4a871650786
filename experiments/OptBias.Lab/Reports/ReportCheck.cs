using OptBias.Lab.Reports.Figures;

namespace OptBias.Lab.Reports;

/// <summary>Checks that a report holds together before anything is written, so that a mistake is an error and not a strange page.</summary>
internal static class ReportCheck
{
    public static void Require(StudyReport report)
    {
        var names = report.Optimizers.Select(o => o.Name).ToHashSet();
        if (names.Count != report.Optimizers.Count || names.Count == 0)
            throw new ArgumentException("A report has at least one optimizer, each with a name of its own.");
        foreach (var table in (IEnumerable<SummaryTable>)[report.Summary, .. report.FurtherTables])
        {
            foreach (var row in table.Rows)
            {
                Known(names, row.Optimizer, $"table '{table.Title}'");
                if (row.Cells.Count != table.Metrics.Count)
                    throw new ArgumentException($"In table '{table.Title}' the row of {row.Optimizer} has {row.Cells.Count} cells for {table.Metrics.Count} metrics.");
            }
        }

        Require(report.Figures, names);
    }

    public static void Require(IReadOnlyList<Figure> figures, IReadOnlySet<string> names)
    {
        var ids = new HashSet<string>();
        foreach (var figure in figures)
        {
            if (figure.Id.Length == 0 || figure.Id.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
                throw new ArgumentException($"'{figure.Id}' cannot name a figure's files. Lower-case letters, digits and hyphens can.");
            if (!ids.Add(figure.Id))
                throw new ArgumentException($"Two figures are called '{figure.Id}'.");
            foreach (var (optimizer, fits) in Series(figure))
            {
                Known(names, optimizer, $"figure '{figure.Id}'");
                if (!fits)
                    throw new ArgumentException($"In figure '{figure.Id}' the lengths of what belongs to {optimizer} do not fit each other.");
            }
        }
    }

    private static IEnumerable<(string Optimizer, bool Fits)> Series(Figure figure) => figure switch
    {
        LineFigure line => line.Series.Select(s => (s.Optimizer, s.X.Count == s.Y.Count)),
        BarFigure bar => bar.Series.Select(s => (s.Optimizer, s.Values.Count == bar.Groups.Count)),
        ScatterFigure scatter => scatter.Series.Select(s => (s.Optimizer, true)),
        HistogramFigure histogram => histogram.Series.Select(s => (s.Optimizer, s.Heights.Count == histogram.Edges.Count - 1)),
        HeatMapFigure heatMap => heatMap.Panels.Select(p => (p.Optimizer, p.Values.GetLength(0) == heatMap.Rows.Count && p.Values.GetLength(1) == heatMap.Columns.Count)),
        _ => [],
    };

    private static void Known(IReadOnlySet<string> names, string optimizer, string where)
    {
        // A heat map over optimizers belongs to none of them.
        if (optimizer.Length > 0 && !names.Contains(optimizer))
            throw new ArgumentException($"The optimizer '{optimizer}' of {where} is not among the report's optimizers: {string.Join(", ", names)}.");
    }
}
