using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Selection;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Reports;

public sealed class SelectionTests : IDisposable
{
    private static readonly Wish[] Wishes = [Wish.Parse("forgetting<0.2"), Wish.Parse("sparsity>0.9"), Wish.ParseWithin("accuracy:0.01")];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("optbias-select");

    public void Dispose() => this.folder.Delete(recursive: true);

    [Fact]
    public void The_page_ranks_and_plots_every_pair_of_wishes()
    {
        var report = Make(Wishes, ("Sgd", [[0.3, 0.32, 0.31], [0.8, 0.85, 0.82], [0.97, 0.97, 0.97]]), ("Soap", [[0.1, 0.12, 0.11], [0.93, 0.95, 0.94], [0.965, 0.966, 0.967]]), ("Lion", [[0.19, 0.22, 0.2], [0.91, 0.88, 0.9], [0.96, 0.965, 0.966]]));
        var page = File.ReadAllText(SelectionWriter.Write(report, this.folder.FullName));
        Assert.True(page.IndexOf("</svg>Soap</th>", StringComparison.Ordinal) is > 0 and var soap && soap < page.IndexOf("</svg>Lion</th>", StringComparison.Ordinal));
        Assert.Equal(["pareto-2.png", "pareto-2.svg", "pareto-3.png", "pareto-3.svg", "pareto.png", "pareto.svg"], Directory.GetFiles(Path.Combine(this.folder.FullName, "figures")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("below 0.2", page, StringComparison.Ordinal);
        Assert.Contains("above 0.96", page, StringComparison.Ordinal);
        Assert.Contains("Soap meets all 3 wishes with probability &gt; 0.99; 3 seeds support that choice.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_says_how_sure_it_is()
    {
        Wish[] one = [Wish.Parse("x<0.4")];
        Assert.Contains("do not tell them apart", Say(one, ("A", [[0.1, 0.1]]), ("B", [[0.2, 0.2]])), StringComparison.Ordinal);
        Assert.StartsWith("A is likelier than not", Say(one, ("A", [[0.1, 0.3, 0.7]]), ("B", [[0.5, 0.5, 0.5]])), StringComparison.Ordinal);
        Assert.StartsWith("No optimizer is likely to meet the wish. A comes nearest", Say(one, ("A", [[0.1, 0.9, 0.7]]), ("B", [[0.5, 0.5, 0.5]])), StringComparison.Ordinal);
        Assert.StartsWith("No optimizer meets the wish in any resample of the 2 seeds.", Say(one, ("A", [[0.9, 0.9]])), StringComparison.Ordinal);
        Assert.StartsWith("There is one seed only", Say(one, ("A", [[0.1]])), StringComparison.Ordinal);
    }

    [Fact]
    public void One_metric_is_shown_as_bars_and_a_wish_for_both_sides_is_one_axis()
    {
        var page = File.ReadAllText(SelectionWriter.Write(Make([Wish.Parse("x<0.4"), Wish.Parse("x>0.1")], ("A", [[0.2, 0.3], [0.2, 0.3]])), this.folder.FullName));
        Assert.Contains("<figure id=\"wish\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("pareto", page, StringComparison.Ordinal);
    }

    private static string Say(Wish[] wishes, params (string, double[][])[] optimizers) => SelectionVerdict.Say(Make(wishes, optimizers));

    private static SelectionReport Make(Wish[] wishes, params (string Name, double[][] Values)[] optimizers) => new()
    {
        Wishes = wishes,
        Ranking = WishProbability.Rank(optimizers.ToDictionary(o => o.Name, o => (IReadOnlyList<IReadOnlyList<double>>)o.Values), wishes),
        Optimizers = [.. optimizers.Select(o => new ReportOptimizer(o.Name))],
        Seeds = optimizers[0].Values[0].Length,
        Settings = SampleReport.Make().Settings,
    };
}
