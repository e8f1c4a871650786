using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Tests.Storage;

namespace OptBias.Lab.Tests.Statistics;

public sealed class IntervalTests
{
    [Theory]
    [InlineData(new[] { 0.99, 1.0, 1.0 }, 0.0, 1.0)]
    [InlineData(new[] { 0.0, 0.0, 0.4 }, 0.0, 1.0)]
    [InlineData(new[] { -0.9, -1.0, -1.0 }, -1.0, 1.0)]
    [InlineData(new[] { 0.1, 3.0 }, 0.0, double.PositiveInfinity)]
    public void An_interval_stays_in_the_range_of_its_metric(double[] values, double low, double high)
    {
        var mean = BootstrapInterval.OfMean(values);
        Assert.True(mean.Low < low || mean.High > high, "Student's interval leaves the range, or this shows nothing");
        var cut = new MetricRange(low, high).Cut(mean);
        Assert.InRange(cut.Low, low, cut.Estimate);
        Assert.InRange(cut.High, cut.Estimate, high);
        Assert.Equal(mean.Estimate, cut.Estimate);
    }

    [Fact]
    public void The_range_of_a_difference_is_twice_as_wide()
    {
        Assert.Equal(new MetricRange(-1, 1), MetricRange.Unit.OfDifference);
        Assert.Equal(MetricRange.Any, MetricRange.Positive.OfDifference);
        Assert.Equal(Interval.Undefined, MetricRange.Unit.Cut(Interval.Undefined));
        Assert.Equal(Interval.Single(0.5), MetricRange.Unit.Cut(Interval.Single(0.5)));
    }

    /// <summary>"0.000 [0.000, 0.001]" beside "differs from zero" is a riddle.</summary>
    [Theory]
    [InlineData(0.0007, 0.0004, 0.0013, "0.000", "0.0007 [0.0004, 0.0013]")]
    [InlineData(-0.03, -0.06, -0.00002, "0.0", "−0.03000 [−0.06000, −0.00002]")]
    [InlineData(0.4, 0.2, 0.6, "0", "0.4 [0.2, 0.6]")]
    [InlineData(0.0007, 0.0, 0.0013, "0.000", "0.001 [0.000, 0.001]")]
    [InlineData(0.2, 0.1, 0.3, "0.000", "0.200 [0.100, 0.300]")]
    [InlineData(1e-30, 1e-31, 1e-29, "0.0", "0.0000000 [0.0000000, 0.0000000]")]
    public void An_interval_without_zero_is_printed_on_its_side_of_zero(double estimate, double low, double high, string format, string printed) =>
        Assert.Equal(printed, new Interval(estimate, low, high).ToString(format));

    [Fact]
    public void Every_metric_that_reports_show_has_a_range() =>
        Assert.Equal([MetricNames.TopHessianEigenvalue], ShownMetric.All.Values.Where(m => m.Range is null).Select(m => m.Name));

    [Fact]
    public void Seeds_without_a_value_are_counted_wherever_the_mean_is_shown()
    {
        RunRecord[] runs =
        [
            .. Enumerable.Range(1, 6).Select(seed => SampleRun.Of($"{seed}", 0) with
            {
                Seed = seed, Diverged = seed is 2 or 5 ? "task 1: the loss is NaN" : null, Metrics = new Dictionary<string, double> { [MetricNames.AverageAccuracy] = 0.9 },
            }),
        ];
        var mean = ReportRows.Mean(runs, [1, 2, 3, 4, 5, 6], MetricNames.AverageAccuracy);
        Assert.Equal((6, 2), (mean.Count, mean.Missing));
        Assert.Equal("0.900 [0.900, 0.900] (4 of 6 seeds)", mean.ToString("0.000"));
        Assert.Equal("90 [90, 90] (4 of 6 seeds)", mean.Scale(100).ToString("0"));
        Assert.False(ReportRows.MeanOfAll(runs, [1, 2, 3, 4, 5, 6], MetricNames.AverageAccuracy).IsDefined);
        Assert.Equal("0.900 [0.900, 0.900]", ReportRows.Mean(runs.Where(r => r.Diverged is null), [1, 3, 4, 6], MetricNames.AverageAccuracy).ToString("0.000"));
        var table = ReportRows.Table("t", "", [MetricNames.AverageAccuracy], [("Sgd", "", runs)], [1, 2, 3, 4, 5, 6]);
        var page = new System.Text.StringBuilder();
        OptBias.Lab.Reports.Page.TableSection.Write(page, table, Palette.Assign([new("Sgd")]), "h3");
        Assert.Contains("4 of 6 seeds", page.ToString());
    }
}
