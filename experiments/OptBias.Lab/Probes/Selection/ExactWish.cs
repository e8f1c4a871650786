using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Reports.Page;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Probes.Selection;

/// <summary>A wish that no study is needed for: a derived property that holds or does not, or a bound on its number or on what a probe measures.</summary>
internal sealed record ExactWish
{
    private const string Negation = "not ";
    private Wish? bound;
    private string property = "";
    private bool holds = true;

    /// <summary>The probe that has to be run; null for a derived property.</summary>
    public Probe? Probe { get; private init; }

    /// <summary>Its measure.</summary>
    public ProbeMeasure? Measure { get; private init; }

    /// <summary>Reads <c>margin.spectral&gt;0.8</c>, <c>degree&lt;1</c>, <c>sees no units</c>, <c>not keeps signs</c>.</summary>
    /// <returns>The wish, or null where the text is one that stored results answer.</returns>
    /// <exception cref="ArgumentException">Neither a probe's measure nor a derived property has such a name; the message names the nearest.</exception>
    /// <exception cref="FormatException">No number where one is needed.</exception>
    public static ExactWish? Parse(string text)
    {
        if (text.IndexOfAny(['<', '>']) < 0)
        {
            var isNegated = text.StartsWith(Negation, StringComparison.OrdinalIgnoreCase);
            return new() { property = Known(isNegated ? text[Negation.Length..].Trim() : text.Trim()), holds = !isNegated };
        }

        var wish = Wish.Parse(text);
        var measures = ProbeSuite.All.SelectMany(p => p.Measures.Select(m => (Probe: p, Measure: m))).ToArray();
        var (probe, measure) = measures.FirstOrDefault(m => m.Measure.Name.Equals(wish.Metric, StringComparison.OrdinalIgnoreCase));
        if (measure is not null)
            return new() { bound = wish, Probe = probe, Measure = measure };
        if (wish.Metric is BiasProperty.Degree or BiasProperty.BoundedStep)
            return new() { bound = wish, property = wish.Metric };
        if (!wish.Metric.Contains('.', StringComparison.Ordinal))
            return null;
        var names = measures.Select(m => m.Measure.Name).ToArray();
        throw new ArgumentException($"No probe measures '{wish.Metric}'. {NearestName.Suggest(wish.Metric, names)}Known: {string.Join(", ", names)}.");
    }

    /// <summary>Whether a rule meets the wish. What is not known never does.</summary>
    public bool IsMet(ProbeRule rule, ProbeResults results) => this.bound is { } wish
        ? wish.IsMet(this.Value(rule, results), double.NaN)
        : RuleProperties.BiasOf(rule.Optimizer).Holds(this.property) == (this.holds ? Answer.Yes : Answer.No);

    /// <summary>What the rule has, as text.</summary>
    public string Say(ProbeRule rule, ProbeResults results)
    {
        if (this.bound is not null)
            return Numbers.Of(this.Value(rule, results), "0.000");
        return RuleProperties.BiasOf(rule.Optimizer).Holds(this.property) switch
        {
            Answer.Yes => "yes",
            Answer.No => "no",
            _ => "not known",
        };
    }

    /// <inheritdoc />
    public override string ToString() => this.bound?.ToString() ?? (this.holds ? this.property : Negation + this.property);

    private static string Known(string name)
    {
        // Every bias has the same names; which rule is asked does not matter.
        RuleProperties.BiasOf(Training.DeclaredOptimizers.Default.All.First()).Holds(name);
        return name;
    }

    private double Value(ProbeRule rule, ProbeResults results) => this.Probe is { } probe
        ? results.Value(probe, this.Measure!, rule)
        : RuleProperties.BiasOf(rule.Optimizer).Properties.First(p => p.Name == this.property).Value;
}
