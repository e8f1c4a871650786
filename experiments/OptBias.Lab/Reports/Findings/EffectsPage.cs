using System.Globalization;
using System.Text;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Reports.Findings;

/// <summary>All effects of several studies as one forest plot and one table.</summary>
internal static class EffectsPage
{
    /// <summary>The forest plot.</summary>
    /// <param name="sources">The studies.</param>
    public static ForestFigure Figure(IReadOnlyList<FindingsSource> sources)
    {
        var rows = Rows(sources);
        return new()
        {
            Id = "effects",
            Title = "What of the position paper is seen, at equal learning accuracy",
            Caption = $"Difference of two methods over the baseline's own mean, with 95% bootstrap intervals over seeds; at the right the difference itself. {Seeds(sources)}",
            X = new("difference, in parts of the baseline's mean"),
            RowHeading = "metric · scenario, network",
            ValueHeading = "difference [95% interval], at learning accuracy",
            Blocks = [.. rows.GroupBy(row => Pair(row.Effect)).Select(pair => new ForestBlock(pair.Key, [.. pair.Select(row => new ForestRow(
                $"{Metric(row.Effect)} · {Where(row.Effect)}", row.Effect.Relative, row.Effect.Comparison.Difference.IsDefined ? $"{Text(row.Effect)}, {ShortRange(row.Effect)}" : Text(row.Effect), Mark(row.Effect.Verdict), row.Effect.IsPlanned))]))],
        };
    }

    /// <summary>The table, in Markdown.</summary>
    /// <param name="sources">The studies.</param>
    public static string Markdown(IReadOnlyList<FindingsSource> sources)
    {
        var page = new StringBuilder("| comparison | metric | scenario, network | difference [95%] | range of learning | expected | seen |\n|---|---|---|---|---|---|---|\n");
        foreach (var (effect, _) in Rows(sources))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Pair(effect)} | {Cell(Metric(effect))}{(effect.IsPlanned ? " (planned)" : "")} | {Where(effect)} | {Text(effect)} | {Range(effect)} | {(effect.Test.Expected < 0 ? "below zero" : "above zero")} | {Seen(effect.Verdict)} |\n");
        }

        return page.ToString();
    }

    /// <summary>"as expected 5, against 7, open 3", of the planned effects and of the others.</summary>
    /// <param name="sources">The studies.</param>
    public static string Count(IReadOnlyList<FindingsSource> sources)
    {
        var effects = Rows(sources).Select(row => row.Effect).ToArray();
        return $"Planned: {Of(effects.Where(e => e.IsPlanned))}. Exploratory: {Of(effects.Where(e => !e.IsPlanned))}.";

        static string Of(IEnumerable<Effect> effects)
        {
            var all = effects.ToArray();
            return all.Length == 0 ? "none"
                : $"{all.Count(e => e.Verdict == EffectVerdict.Agrees)} as the paper expects, {all.Count(e => e.Verdict == EffectVerdict.Contradicts)} against, {all.Count(e => e.Verdict == EffectVerdict.Open)} open";
        }
    }

    /// <summary>A text as a cell of a Markdown table.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static IReadOnlyList<(Effect Effect, FindingsSource Source)> Rows(IReadOnlyList<FindingsSource> sources) =>
    [
        .. from source in sources
           from effect in source.Effects()
           orderby sources.SelectMany(s => s.Effects()).Select(Pair).Distinct().ToList().IndexOf(Pair(effect)), effect.Test.Metric == MetricNames.Forgetting || effect.Test.Metric == MetricNames.ForgettingBits ? 0 : 1, Metric(effect)
           select (effect, source),
    ];

    private static string Seeds(IReadOnlyList<FindingsSource> sources) =>
        $"{string.Join(", ", sources.Select(s => s.Plan.Seeds).Distinct().Order())} seeds.";

    private static string Pair(Effect effect) => $"{effect.Test.Method} less {effect.Test.Baseline}";

    private static string Metric(Effect effect) => ShownMetric.Of(effect.Test.Metric).Column.Name.ToLowerInvariant();

    private static string Where(Effect effect) => $"{effect.Scenario}, {effect.Network}";

    private static string Text(Effect effect) => effect.Comparison.Difference.IsDefined ? effect.Comparison.Difference.ToString(ShownMetric.Of(effect.Test.Metric).Column.Format) : "no common range";

    private static string Range(Effect effect) => !effect.Comparison.Difference.IsDefined ? "none in common"
        : string.Create(CultureInfo.InvariantCulture, $"{effect.Comparison.Low:0.000} to {effect.Comparison.High:0.000}{(effect.Comparison.IsNarrow ? " (narrow)" : "")}");

    private static string ShortRange(Effect effect) =>
        string.Create(CultureInfo.InvariantCulture, $"{effect.Comparison.Low:0.00}–{effect.Comparison.High:0.00}{(effect.Comparison.IsNarrow ? " (narrow)" : "")}");

    private static string Seen(EffectVerdict verdict) => verdict switch
    {
        EffectVerdict.Agrees => "as expected",
        EffectVerdict.Contradicts => "**against**",
        _ => "open",
    };

    private static ForestMark Mark(EffectVerdict verdict) => verdict switch
    {
        EffectVerdict.Agrees => ForestMark.Agrees,
        EffectVerdict.Contradicts => ForestMark.Contradicts,
        _ => ForestMark.Open,
    };
}
