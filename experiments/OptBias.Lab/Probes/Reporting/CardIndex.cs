using System.Globalization;
using System.Text;

namespace OptBias.Lab.Probes.Reporting;

/// <summary>The page that leads to the cards: a line for each optimizer.</summary>
internal static class CardIndex
{
    /// <summary>The page, of what declarations fix alone.</summary>
    public static string Of(IEnumerable<OptimizerDescriptor> optimizers)
    {
        var page = new StringBuilder("""
            # Bias cards

            One page for each optimizer: its equations, what its declaration fixes of its bias and why ([how](../bias.md)), and what it does on problems
            whose solutions are known exactly ([the probes](../probes.md)). This command writes them all again:

            ```sh
            dotnet run -c Release --project experiments/OptBias.Lab -- probe --cards docs/cards
            ```

            | optimizer | degree in the gradient | units of elements | maps that it cannot see | step |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var optimizer in optimizers)
        {
            foreach (var rule in optimizer.Bias.Rules)
            {
                var which = optimizer.Bias.Rules.Count == 1 ? "" : $", {rule.When.ToString().ToLowerInvariant()}";
                page.Append(CultureInfo.InvariantCulture, $"| [{optimizer.Name}]({optimizer.Name}.md){which} | {Degree(rule)} | {Units(rule)} | {rule.Symmetries} | {(rule.Step.Norm == StepNorm.None ? "" : rule.Step.ToString())} |\n");
            }
        }

        return page.ToString();
    }

    private static string Degree(RuleBias rule) => rule.HasDegree switch
    {
        Answer.Yes => rule.Degree.ToString("0.####", CultureInfo.InvariantCulture),
        Answer.No => "none",
        _ => "not known",
    };

    private static string Units(RuleBias rule) => rule.SeesNoUnits switch
    {
        Answer.Yes => "not seen",
        Answer.No => "seen",
        _ => "not known",
    };
}
