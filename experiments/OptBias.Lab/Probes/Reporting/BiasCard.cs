using System.Globalization;
using System.Text;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Reports.Page;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Probes.Reporting;

/// <summary>All that is known of an optimizer's bias, on one page of Markdown: derived, probed, found.</summary>
internal static class BiasCard
{
    /// <summary>The card.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="results">What the probes saw of it alone.</param>
    /// <param name="findings">What stored studies say of it: study, metric, mean over seeds.</param>
    public static string Of(OptimizerDescriptor optimizer, ProbeResults results, IReadOnlyList<(string Study, string Metric, Interval Mean)> findings)
    {
        var card = new StringBuilder(Derived(optimizer));
        Probed(card, results);
        Found(card, findings);
        return card.ToString();
    }

    /// <summary>The part that needs no run: equations, and what the declaration fixes.</summary>
    public static string Derived(OptimizerDescriptor optimizer)
    {
        var card = new StringBuilder();
        card.Append($"# {optimizer.Name}\n\n```text\n{optimizer.Formulas.ReplaceLineEndings("\n").TrimEnd()}\n```\n\n## What the declaration fixes\n");
        foreach (var rule in optimizer.Bias.Rules)
        {
            if (optimizer.Bias.Rules.Count > 1)
                card.Append($"\n### {rule.Rule}, for {(rule.When == ParameterShape.Any ? "all other parameters" : $"a {rule.When.ToString().ToLowerInvariant()}")}\n");
            Derived(card, rule);
        }

        return card.ToString();
    }

    private static void Derived(StringBuilder card, RuleBias rule)
    {
        if (rule.JudgedAtZero.Count > 0)
            card.Append($"\nJudged where {string.Join(", ", rule.JudgedAtZero.Select(h => $"`{h}`"))} {(rule.JudgedAtZero.Count == 1 ? "is" : "are")} 0.\n");
        card.Append("\n| property | | why, and what breaks it |\n|---|---|---|\n");
        foreach (var property in rule.Properties)
        {
            var breaks = rule.Limits.Where(limit => limit.Property == property.Name).Select(limit => $"`{limit.Hyperparameter}`").ToArray();
            string[] notes = [.. property is { Name: BiasProperty.BoundedStep, Answer: OptBias.Answer.Yes } ? [rule.Step.ToString()] : Array.Empty<string>(), .. rule.WhyNot(property.Name) is { } reason ? [reason] : Array.Empty<string>(), .. breaks.Length > 0 ? [$"broken by {string.Join(" and ", breaks)} above 0"] : Array.Empty<string>()];
            card.Append($"| {property.Name} | {Answer(property)} | {string.Join("; ", notes).Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    private static string Answer(BiasProperty property) => property.Answer switch
    {
        _ when property is { Name: BiasProperty.BoundedStep, Answer: OptBias.Answer.Unknown } => "none known",
        OptBias.Answer.Yes when property.Name == BiasProperty.BoundedStep => "yes",
        OptBias.Answer.Yes when double.IsFinite(property.Value) => property.Value.ToString("0.####", CultureInfo.InvariantCulture),
        OptBias.Answer.Yes => "yes",
        OptBias.Answer.No => "no",
        _ => "not known",
    };

    private static void Probed(StringBuilder card, ProbeResults results)
    {
        card.Append("\n## What the probes measure\n\nShares of an exact optimum, 1 at best, unless the measure says otherwise ([what they are](../probes.md)). ")
            .Append("Predicted: theory says that a rule with these derived properties reaches the optimum.\n\n| probe | measure | value | predicted |\n|---|---|---|---|\n");
        var rule = results.Rules.Single();
        foreach (var probe in results.Probes)
        {
            var failure = results.Of(probe, rule).Failure;
            if (failure is not null)
            {
                card.Append($"| {probe.Title} | | | {failure} |\n");
                continue;
            }

            foreach (var measure in probe.Measures.Where(m => !double.IsNaN(results.Value(probe, m, rule)) && m.InMatrix))
            {
                var judged = results.Judge(probe, measure, rule) switch
                {
                    Agreement.Agrees => "yes, and it is there",
                    Agreement.Differs => $"yes, and it is not there ({Numbers.Of(measure.AgreesFrom, "0.######")} or more)",
                    _ => "",
                };
                card.Append($"| {probe.Title} | {measure.Title} (`{measure.Name}`) | {Numbers.Of(results.Value(probe, measure, rule), "0.00")} | {judged} |\n");
            }
        }
    }

    private static void Found(StringBuilder card, IReadOnlyList<(string Study, string Metric, Interval Mean)> findings)
    {
        if (findings.Count == 0)
            return;
        card.Append("\n## What the stored studies found\n\nMean over seeds with its 95% interval, at the learning rate that tuning chose.\n\n| study | metric | |\n|---|---|---|\n");
        foreach (var (study, metric, mean) in findings)
            card.Append($"| {study} | {metric} | {mean.ToString("0.###")} |\n");
    }
}
