using OptBias.Lab.Reports;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Tests.Reports;

public sealed class PaletteTests
{
    private static IReadOnlyList<ReportOptimizer> Named(params IEnumerable<string> names) => [.. names.Select(n => new ReportOptimizer(n))];

    /// <summary>Every list of optimizers that a study compares by itself.</summary>
    private static IEnumerable<IReadOnlyList<string>> Compared() =>
        from study in StudyCatalogue.All
        from preset in study.Presets
        select study.DefaultMethods(preset);

    [Fact]
    public void An_optimizer_looks_the_same_in_every_report()
    {
        var seen = new Dictionary<string, SeriesStyle>();
        foreach (var names in Compared().SelectMany(names => new[] { names, [.. names.Reverse()], [.. names.Take(2)] }))
        {
            foreach (var (name, style) in Palette.Assign(Named(names)))
            {
                var first = seen.TryAdd(name, style) ? style : seen[name];
                Assert.Equal((first.Color, first.Marker, string.Join(' ', first.Dash)), (style.Color, style.Marker, string.Join(' ', style.Dash)));
            }
        }

        Assert.True(seen.Count >= 20);
    }

    [Fact]
    public void Two_optimizers_of_a_report_never_look_the_same()
    {
        foreach (var names in Compared().Append([.. Enumerable.Range(0, 80).Select(i => $"Own{i}")]))
        {
            var styles = Palette.Assign(Named(names)).Values;
            Assert.Equal(names.Count, styles.Select(s => (s.Color, s.Marker)).Distinct().Count());
        }
    }

    [Fact]
    public void In_grey_a_study_s_optimizers_differ_in_marker_or_dash()
    {
        foreach (var names in Compared())
            Assert.Equal(names.Count, Palette.Assign(Named(names)).Values.Select(s => (s.Marker, string.Join(' ', s.Dash))).Distinct().Count());
    }

    [Fact]
    public void An_unknown_name_has_the_place_of_its_name_and_a_colour_that_is_free()
    {
        var alone = Palette.Assign(Named("SlowSign"))["SlowSign"];
        Assert.Equal(alone.Color, Palette.Assign(Named("SlowSign", "AdamW"))["SlowSign"].Color);
        var twelve = Palette.Assign(Named(Enumerable.Range(0, 12).Select(i => $"Own{i}"))).Values;
        Assert.Equal(12, twelve.Select(s => s.Color).Distinct().Count());
    }

    [Fact]
    public void Every_colour_can_be_read_by_day_and_by_night()
    {
        foreach (var color in Palette.Colors.Append("#888888"))
        {
            Assert.True(Palette.Contrast(Palette.Ink(color), "#ffffff") >= 4.5);
            Assert.True(Palette.Contrast(Palette.OnDark(color), "#0d1117") >= 4.5);
        }

        Assert.Equal(MarkerShape.Ring, Palette.Assign([ReportRows.Untrained])["Untrained"].Marker);
    }
}
