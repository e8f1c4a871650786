using System.Text;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Page;

/// <summary>What tuning chose, and where the grid may have been too small.</summary>
internal static class WinnersSection
{
    public static void Write(StringBuilder page, IReadOnlyList<HyperparameterWinner> winners)
    {
        if (winners.Count == 0)
            return;
        page.Append("<h3>Hyperparameters that tuning chose</h3>\n");
        var edges = winners.Where(w => w.IsAtEdge).ToArray();
        if (edges.Length > 0)
        {
            page.Append("<div class=\"warning\">\n");
            foreach (var w in edges)
                page.Append($"<p>{Escape(w.Optimizer)}: the winner {Escape(w.Hyperparameter)} = {Escape(Numbers.Hyper(w.Value))} sits on the edge of its grid ({Escape(Grid(w))}; {Escape(w.ScoreName)}). A better value may lie beyond it.</p>\n");
            page.Append("</div>\n");
        }

        page.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Optimizer</th><th class=\"left\">Hyperparameter</th><th>Winner</th><th class=\"left\">Grid</th><th>Score</th><th class=\"left\">Score is</th></tr></thead>\n<tbody>\n");
        foreach (var w in winners)
        {
            page.Append($"<tr data-optimizer=\"{Escape(w.Optimizer)}\"><th>{Breakable(w.Optimizer)}</th><td class=\"left\"><code>{Escape(w.Hyperparameter)}</code></td><td>{Escape(Numbers.Hyper(w.Value))}{(w.IsAtEdge ? " <span class=\"edge\">edge</span>" : "")}</td><td class=\"left\">{Escape(Grid(w))}</td>")
                .Append($"<td>{Escape(Numbers.Of(w.Score.Estimate, "0.000"))}{Numbers.Span(w.Score, "0.000")}</td><td class=\"left\">{Escape(w.ScoreName)}</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }

    private static string Grid(HyperparameterWinner winner)
    {
        var grid = winner.Grid.Order().Select(Numbers.Hyper).ToArray();
        return grid.Length <= 5 ? string.Join(", ", grid) : $"{grid[0]} … {grid[^1]}, {grid.Length} values";
    }
}
