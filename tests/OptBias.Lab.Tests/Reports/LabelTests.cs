using System.Xml.Linq;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Reports;

/// <summary>Direct labels stand where the curves are, and never on each other.</summary>
public sealed class LabelTests : IDisposable
{
    private static readonly string[] Names = ["A", "B", "C"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("optbias-labels");

    public void Dispose() => this.folder.Delete(recursive: true);

    [Fact]
    public void Curves_that_end_apart_are_named_at_their_end()
    {
        var labels = this.Labels([0, 1, 2], (i, k) => i * k);
        Assert.All(labels, label => Assert.True(label.X > 700));
        Assert.True(labels[0].Y > labels[1].Y && labels[1].Y > labels[2].Y);
    }

    [Fact]
    public void Curves_that_end_together_are_named_at_their_start()
    {
        var labels = this.Labels([0, 1, 2], (i, k) => i * (2 - k));
        Assert.All(labels, label => Assert.True(label.X < 200));
    }

    [Fact]
    public void Curves_that_all_coincide_have_labels_a_line_apart()
    {
        var labels = this.Labels([0, 1, 2], (_, k) => k);
        var heights = labels.Select(label => label.Y).Order().ToArray();
        Assert.True(heights[1] - heights[0] >= 15.9 && heights[2] - heights[1] >= 15.9);
    }

    [Fact]
    public void Curves_over_ranges_of_their_own_are_named_beside_themselves()
    {
        // The first ends in the middle of the figure: its name may not stand at the far right.
        var labels = this.Labels([0, 1, 2], (i, k) => i + (0.1 * k), shift: 2);
        Assert.True(labels[0].X < 400, $"A is named at {labels[0].X}.");
    }

    /// <summary>The names of dotted lines stand where no curve is, on both sides of the figure and of the line.</summary>
    [Theory]
    [InlineData(new[] { 0.53, 0.53, 0.53, 0.95, 0.95 }, false)]
    [InlineData(new[] { 0.95, 0.95, 0.53, 0.53, 0.53 }, true)]
    public void A_dotted_line_is_named_where_no_curve_is(double[] values, bool isAtTheLeft)
    {
        var figure = new LineFigure
        {
            Id = "labels",
            Title = "Labels",
            X = new("x"),
            Y = new("y", Minimum: 0, Maximum: 1),
            References = [new(0.5, false, "a guess") { IsInView = true }, new(0.48, false, "untrained") { IsInView = true }],
            Series = [new("A", [0, 1, 2, 3, 4], [.. values.Select(Interval.Exactly)])],
        };
        ReportWriter.Write(SampleReport.Make(Names) with { Figures = [figure] }, this.folder.FullName);
        var texts = XDocument.Load(Path.Combine(this.folder.FullName, "figures", "labels.svg")).Descendants().Where(e => e.Name.LocalName == "text").ToArray();
        (double X, double Y) At(string name) => texts.Where(t => t.Value == name).Select(t => ((double)t.Attribute("x")!, (double)t.Attribute("y")!)).Single();
        var (guess, untrained) = (At("a guess"), At("untrained"));
        Assert.True(isAtTheLeft ? guess.X < 300 : guess.X > 300, $"'a guess' stands at {guess.X}.");
        Assert.True(Math.Abs(guess.X - untrained.X) > 50 || Math.Abs(guess.Y - untrained.Y) > 12, "The names stand on each other.");
    }

    private (double X, double Y)[] Labels(double[] x, Func<int, int, double> value, double shift = 0)
    {
        var figure = new LineFigure
        {
            Id = "labels",
            Title = "Labels",
            X = new("x"),
            Y = new("y"),
            Series = [.. Names.Select((name, i) => new LineSeries(name, [.. x.Select(v => v + (shift * i))], [.. x.Select((_, k) => Interval.Exactly(value(i, k)))]))],
        };
        ReportWriter.Write(SampleReport.Make(Names) with { Figures = [figure] }, this.folder.FullName);
        var texts = XDocument.Load(Path.Combine(this.folder.FullName, "figures", "labels.svg")).Descendants().Where(e => e.Name.LocalName == "text");
        return [.. Names.Select(name => texts.Single(t => t.Value == name)).Select(t => ((double)t.Attribute("x")!, (double)t.Attribute("y")!))];
    }
}
