using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Reports.Page;

namespace OptBias.Lab.Probes.Reporting;

/// <summary>In words, whether a probe's numbers are as predicted.</summary>
internal static class ProbeVerdict
{
    /// <summary>How often theory is right, over all probes; nothing where it says nothing of the rules.</summary>
    public static IEnumerable<string> Answer(ProbeResults results)
    {
        var judged = results.Probes.Select(probe =>
        {
            var cases = (from measure in probe.Measures from rule in results.Rules select results.Judge(probe, measure, rule)).Where(a => a != Agreement.NothingPredicted).ToArray();
            return (probe.Title, Right: cases.Count(a => a == Agreement.Agrees), All: cases.Length);
        }).Where(p => p.All > 0).ToArray();
        if (judged.Length > 0)
        {
            yield return $"Where theory says from a rule's derived properties which optimum it reaches, {judged.Sum(p => p.Right)} of {judged.Sum(p => p.All)} measurements are as predicted: "
                + $"{string.Join(", ", judged.Select(p => $"{p.Title.ToLowerInvariant()} {p.Right} of {p.All}"))}.";
        }
    }

    /// <summary>A sentence or two for each measure with a theory.</summary>
    public static IEnumerable<string> Say(ProbeResults results, Probe probe)
    {
        foreach (var measure in probe.Measures.Where(m => m.Predicts is not null))
        {
            var predicted = results.Rules.Where(r => results.Judge(probe, measure, r) != Agreement.NothingPredicted).ToArray();
            if (predicted.Length == 0)
                continue;
            var there = predicted.Where(r => results.Judge(probe, measure, r) == Agreement.Agrees).ToArray();
            var missing = predicted.Except(there).ToArray();
            var text = $"{measure.Title}: theory names {Count(predicted.Length)}; {(missing.Length == 0 ? "all reach" : $"{there.Length} reach")} {Numbers.Of(measure.AgreesFrom, "0.######")}.";
            if (missing.Length > 0)
                text += $" Not there: {string.Join(", ", missing.Select(r => $"{r.Name} ({Why(results, probe, measure, r)})"))}.";
            if (measure.InMatrix && results.Best(probe, measure) is { } best && results.Rules.Count > 1)
            {
                text += predicted.Contains(best)
                    ? $" The best of all is {best.Name}, which theory names."
                    : $" The best of all is {best.Name} ({Value(results, probe, measure, best)}), which theory does not name.";
            }

            yield return text;
        }
    }

    private static string Why(ProbeResults results, Probe probe, ProbeMeasure measure, ProbeRule rule) =>
        results.Of(probe, rule).Failure ?? Value(results, probe, measure, rule);

    private static string Value(ProbeResults results, Probe probe, ProbeMeasure measure, ProbeRule rule) =>
        double.IsNaN(results.Value(probe, measure, rule)) ? "no value" : Numbers.Of(results.Value(probe, measure, rule), measure.AgreesFrom > 0.999 ? "0.000000" : "0.000");

    private static string Count(int n) => n == 1 ? "1 rule" : $"{n} rules";
}
