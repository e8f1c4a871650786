using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Reports;

public sealed partial class ReportWriterTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("optbias-report");

    public void Dispose() => this.folder.Delete(recursive: true);

    [Fact]
    public void Every_figure_is_in_the_page_and_beside_it_as_SVG_and_PNG()
    {
        var report = SampleReport.Make();
        var page = File.ReadAllText(ReportWriter.Write(report, this.folder.FullName));
        foreach (var figure in report.Figures)
        {
            Assert.Contains($"<figure id=\"{figure.Id}\">", page, StringComparison.Ordinal);
            var svg = XDocument.Load(Path.Combine(this.folder.FullName, "figures", figure.Id + ".svg"));
            Assert.Equal("svg", svg.Root!.Name.LocalName);
            var png = File.ReadAllBytes(Path.Combine(this.folder.FullName, "figures", figure.Id + ".png"));
            Assert.Equal([0x89, 0x50, 0x4e, 0x47], png[..4]);
            Assert.True(png.Length > 10_000, $"{figure.Id}.png has {png.Length} bytes: is anything on it?");
        }

        Assert.Empty(Directory.GetFiles(this.folder.FullName, "*.partial", SearchOption.AllDirectories));
    }

    [Fact]
    public void Each_series_is_a_group_that_names_its_optimizer()
    {
        var report = SampleReport.Make();
        ReportWriter.Write(report, this.folder.FullName);
        var svg = XDocument.Load(Path.Combine(this.folder.FullName, "figures", "pruning.svg"));
        var groups = svg.Descendants().Attributes("data-optimizer").Select(a => a.Value);
        Assert.Equal(SampleReport.Names, groups);
    }

    [Fact]
    public void The_picture_has_text_on_a_machine_without_fonts()
    {
        // The embedded font has all that the figures write; what it lacks would be drawn as boxes.
        ReportWriter.Write(SampleReport.Make("Sgd"), this.folder.FullName);
        using var typeface = ScottPlot.Fonts.GetTypeface("OptBias Open Sans", false, false);
        Assert.Equal("Open Sans", typeface.FamilyName);
        Assert.True(typeface.ContainsGlyphs("Accuracy (%) −0.5 [α=2] … ≤"));
    }

    [Fact]
    public void Nothing_is_asked_of_the_network()
    {
        var page = File.ReadAllText(ReportWriter.Write(SampleReport.Make(), this.folder.FullName));
        var addresses = Addresses().Matches(page).Select(m => m.Value).Distinct();

        // The name of the SVG namespace is an address that nobody visits.
        Assert.Equal(["http://www.w3.org/2000/svg"], addresses);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_look_like_markup_are_text()
    {
        var page = File.ReadAllText(ReportWriter.Write(SampleReport.Make("<script>alert(1)</script>", "a\"b'c&d"), this.folder.FullName));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("data-optimizer=\"a&quot;b&#39;c&amp;d\"", page, StringComparison.Ordinal);
        XDocument.Load(Path.Combine(this.folder.FullName, "figures", "localization.svg"));
    }

    [Theory]
    [InlineData("fi-FI")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void The_page_is_the_same_in_every_culture(string culture)
    {
        var page = File.ReadAllText(ReportWriter.Write(SampleReport.Make(), this.folder.FullName));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal(page, File.ReadAllText(ReportWriter.Write(SampleReport.Make(), this.folder.FullName)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Numbers_stand_with_their_uncertainty_and_what_is_missing_is_said()
    {
        var page = File.ReadAllText(ReportWriter.Write(SampleReport.Make(), this.folder.FullName));
        Assert.Contains("0.400<span class=\"interval\">[0.390, 0.430]</span>", page, StringComparison.Ordinal);
        Assert.Contains("<td>0.410<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>0.410<span", page, StringComparison.Ordinal);
        Assert.Contains("<td>n/a</td>", page, StringComparison.Ordinal);
        Assert.Contains("task 2, step 118: the loss is NaN", page, StringComparison.Ordinal);
        var none = File.ReadAllText(ReportWriter.Write(SampleReport.Make() with { Diverged = [] }, this.folder.FullName));
        Assert.Contains("None of the 90 runs diverged.", none, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_alone_has_the_figures_and_no_links_to_files()
    {
        var path = Path.Combine(this.folder.FullName, "sent", "alone.html");
        ReportWriter.WriteAlone(SampleReport.Make(), path);
        var page = File.ReadAllText(path);
        Assert.Equal(7, page.Split("<figure ").Length - 1);
        Assert.DoesNotContain("href=\"figures/", page, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(this.folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_winner_on_the_edge_of_its_grid_is_warned_about()
    {
        var page = File.ReadAllText(ReportWriter.Write(SampleReport.Make(), this.folder.FullName));
        Assert.Contains("AdamW: the winner lr = 0.003 sits on the edge of its grid (3e−5 … 0.003, 6 values; ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Sgd: the winner", page, StringComparison.Ordinal);
        Assert.False(new HyperparameterWinner("A", "lr", 1, [1], Interval.Exactly(1)).IsAtEdge);
    }

    [Fact]
    public void Too_few_seeds_for_any_p_below_5_percent_is_said()
    {
        var report = SampleReport.Make();
        var page = File.ReadAllText(ReportWriter.Write(report, this.folder.FullName));
        Assert.Contains("the smallest p that the test can give is 0.063: no difference, however large, can pass 0.05", page, StringComparison.Ordinal);
        var many = report with { Tests = [.. report.Tests.Select(t => t with { SmallestPossiblePValue = 1e-4 })] };
        Assert.DoesNotContain("smallest p", File.ReadAllText(ReportWriter.Write(many, this.folder.FullName)), StringComparison.Ordinal);
    }

    [Fact]
    public void P_values_that_cannot_be_small_are_folded_away()
    {
        var report = SampleReport.Make();
        Assert.Contains("<details>\n<summary>The 5 comparisons, with p-values that cannot be small</summary>", File.ReadAllText(ReportWriter.Write(report, this.folder.FullName)), StringComparison.Ordinal);
        var many = report with { Tests = [.. report.Tests.Select(t => t with { SmallestPossiblePValue = 1e-4 })] };
        Assert.DoesNotContain("<details>", File.ReadAllText(ReportWriter.Write(many, this.folder.FullName)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_and_its_figure_come_first_then_the_table_and_the_method_last()
    {
        var page = File.ReadAllText(ReportWriter.Write(SampleReport.Make(), this.folder.FullName));
        string[] inOrder = ["At a learning accuracy of 0.97", "<figure id=\"forgetting-frontier\">", "<h3>What each optimizer does</h3>", "<h2>What this says</h2>", "<h2>More results</h2>", "<figure id=\"pruning\">", "<h2>Method</h2>", "<h3>Settings</h3>"];
        var at = inOrder.Select(text => page.IndexOf(text, StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, at);
        Assert.Equal(at.Order(), at);
    }

    [Fact]
    public void A_study_that_is_not_finished_says_so_before_its_numbers()
    {
        var report = SampleReport.Make();
        var page = File.ReadAllText(ReportWriter.Write(report with { Settings = report.Settings with { Runs = 31, Unfinished = 59 } }, this.folder.FullName));
        Assert.Contains("31 of 90 runs", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("This study is not finished: 59 runs of 90 are missing.", StringComparison.Ordinal) < page.IndexOf("<figure", StringComparison.Ordinal));
        Assert.DoesNotContain("not finished", File.ReadAllText(ReportWriter.Write(report, this.folder.FullName)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_carries_its_title_and_its_note()
    {
        var report = SampleReport.Make();
        ReportWriter.Write(report, this.folder.FullName);
        var (figure, bare) = (report.Figures[0], report.Figures[0] with { Title = "", Caption = "" });
        var texts = XDocument.Load(Path.Combine(this.folder.FullName, "figures", figure.Id + ".svg")).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
        Assert.Contains(figure.Title, texts);
        Assert.Contains(texts, text => text.StartsWith("Each point is a learning rate;", StringComparison.Ordinal));

        // The picture is painted from the same marks: without title and note it is lower by their lines.
        var height = PngHeight(figure.Id);
        ReportWriter.Write(report with { Figures = [bare] }, this.folder.FullName);
        Assert.True(height > PngHeight(figure.Id) + 40);
    }

    [Fact]
    public void An_interval_much_longer_than_the_rest_leaves_the_frame_and_the_figure_says_so()
    {
        static StudyReport With(double high) => SampleReport.Make("Sgd") with
        {
            Figures =
            [
                new LineFigure { Id = "cut", Title = "Cut", X = new("x"), Y = new("y"), Series = [new("Sgd", [0, 1], [new(0.1, 0.09, high), new(0.2, 0.19, 0.21)])] },
            ],
        };
        const string Note = "An interval that reaches the frame goes on beyond it";
        Assert.Contains(Note, File.ReadAllText(ReportWriter.Write(With(40), this.folder.FullName)), StringComparison.Ordinal);
        Assert.DoesNotContain(Note, File.ReadAllText(ReportWriter.Write(With(0.12), this.folder.FullName)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_does_not_hold_together_is_refused_before_anything_is_written()
    {
        var report = SampleReport.Make();
        var foreign = report with { Figures = [new HistogramFigure { Id = "h", Title = "", X = new(""), Y = new(""), Edges = [0, 1], Series = [new("Nobody", [1])] }] };
        Assert.Contains("'Nobody' of figure 'h'", Assert.Throws<ArgumentException>(() => ReportWriter.Write(foreign, this.folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(report with { Figures = [report.Figures[0], report.Figures[0]] }, this.folder.FullName));
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(report with { Figures = [report.Figures[0] with { Id = "../x" }] }, this.folder.FullName));
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(report with { Optimizers = [] }, this.folder.FullName));
        Assert.Empty(this.folder.GetFileSystemInfos());
    }

    [Fact]
    public void A_figure_without_any_value_is_drawn_empty()
    {
        var report = SampleReport.Make("Sgd");
        Figure[] empty =
        [
            new LineFigure { Id = "line", Title = "", X = new("x", Logarithmic: true), Y = new("y"), Series = [new("Sgd", [0, 1], [Interval.Undefined, Interval.Undefined])] },
            new ScatterFigure { Id = "scatter", Title = "", X = new("x"), Y = new("y"), Series = [new("Sgd", [new(Interval.Undefined, Interval.Exactly(1))], Joined: true)] },
            new BarFigure { Id = "bar", Title = "", Y = new("y"), Groups = ["a"], Series = [new("Sgd", [Interval.Undefined])] },
            new HeatMapFigure { Id = "map", Title = "", Value = new("v"), Rows = ["a"], Columns = ["b"], Panels = [new("Sgd", new[,] { { double.NaN } })] },
        ];
        var page = File.ReadAllText(ReportWriter.Write(report with { Figures = empty }, this.folder.FullName));
        Assert.DoesNotContain("NaN\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN,", page, StringComparison.Ordinal);
    }

    private int PngHeight(string id) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(Path.Combine(this.folder.FullName, "figures", id + ".png")).AsSpan(20));

    [GeneratedRegex(@"https?://[^\s""'<)]+")]
    private static partial Regex Addresses();
}
