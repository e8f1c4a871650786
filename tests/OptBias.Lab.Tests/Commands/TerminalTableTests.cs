using OptBias.Lab.Commands;
using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Tests.Reports;
using Spectre.Console;

namespace OptBias.Lab.Tests.Commands;

public sealed class TerminalTableTests
{
    /// <summary>On a narrow terminal columns stand below each other; no number is broken, and none is left out.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_number_is_broken_into_lines(int width)
    {
        var sample = SampleReport.Make("Sgd", "PowerPropPreconditionedMomentum");
        string[] metrics = ["Learning accuracy", "Average accuracy", "Forgetting", "Effective rank", "Dead units", "Hoyer of weights"];
        var report = sample with
        {
            Summary = sample.Summary with
            {
                Metrics = [.. metrics.Select(name => new ReportMetric(name))],
                Rows = [.. new[] { "Sgd", "PowerPropPreconditionedMomentum" }.Select((name, row) => new SummaryRow(name, [.. metrics.Select((_, i) => new Interval(0.911 + row + i, 0.901 + row + i, 0.922 + row + i))]))],
            },
        };
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        TerminalTable.Print(console, report);
        var lines = text.ToString().Split('\n');
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.All(report.Summary.Rows.SelectMany(row => row.Cells), cell => Assert.Contains(lines, line => line.Contains(cell.ToString("0.000"), StringComparison.Ordinal)));
        Assert.All(metrics, name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
    }
}
