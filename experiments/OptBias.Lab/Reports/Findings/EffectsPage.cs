using System.Globalization;
using System.Text;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Reports.Findings;

/// <summary>All effects of several studies as one forest plot and one table.</summary>
/// <param name="sources">The studies.</param>
internal sealed class EffectsPage(IReadOnlyList<FindingsSource> sources)
{
    /// <summary>The effects, each pair of methods together in the order of the studies, forgetting first. Each has a bootstrap of its own, so they are computed once.</summary>
    private readonly IReadOnlyList<Effect> effects = Ordered([.. sources.SelectMany(source => source.Effects())]);

    /// <summary>The forest plot.</summary>
    public ForestFigure Figure() => new()
    {
        Id = "effects",
        Title = "What of the position paper is seen, at equal learning accuracy",
        Caption = $"Difference of two methods over the baseline's own mean, with 95% bootstrap intervals over seeds; at the right the difference itself. {this.Seeds}",
        X = new("difference, in parts of the baseline's mean"),
        RowHeading = "metric · scenario, network",
        ValueHeading = "difference [95% interval], at learning accuracy",
        Blocks = [.. this.effects.GroupBy(Pair).Select(pair => new ForestBlock(pair.Key, [.. pair.Select(effect => new ForestRow(
            $"{Metric(effect)} · {Where(effect)}", effect.Relative, effect.Comparison.Difference.IsDefined ? $"{Text(effect)}, {ShortRange(effect)}" : Text(effect), Mark(effect.Verdict), effect.IsPlanned))]))],
    };

    /// <summary>The table, in Markdown.</summary>
    public string Markdown()
    {
        var page = new StringBuilder("| comparison | metric | scenario, network | difference [95%] | range of learning | expected | seen |\n|---|---|---|---|---|---|---|\n");
        foreach (var effect in this.effects)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Pair(effect)} | {Cell(Metric(effect))}{(effect.IsPlanned ? " (planned)" : "")} | {Where(effect)} | {Text(effect)} | {Range(effect)} | {(effect.Test.Expected < 0 ? "below zero" : "above zero")} | {Seen(effect.Verdict)} |\n");
        }

        return page.ToString();
    }

    /// <summary>"as expected 5, against 7, open 3", of the planned effects and of the others.</summary>
    public string Count()
    {
        return $"Planned: {Of(this.effects.Where(e => e.IsPlanned))}. Exploratory: {Of(this.effects.Where(e => !e.IsPlanned))}.";

        static string Of(IEnumerable<Effect> effects)
        {
            var all = effects.ToArray();
            return all.Length == 0 ? "none"
                : $"{all.Count(e => e.Verdict == EffectVerdict.Agrees)} as the paper expects, {all.Count(e => e.Verdict == EffectVerdict.Contradicts)} against, {all.Count(e => e.Verdict == EffectVerdict.Open)} open";
        }
    }

    /// <summary>A text as a cell of a Markdown table.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private string Seeds => $"{string.Join(", ", sources.Select(s => s.Plan.Seeds).Distinct().Order())} seeds.";

    private static IReadOnlyList<Effect> Ordered(IReadOnlyList<Effect> effects)
    {
        var pairs = effects.Select(Pair).Distinct().ToList();
        return
        [
            .. from effect in effects
               orderby pairs.IndexOf(Pair(effect)), effect.Test.Metric is MetricNames.Forgetting or MetricNames.ForgettingBits ? 0 : 1, Metric(effect)
               select effect,
        ];
    }

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
