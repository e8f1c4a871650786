using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes.Selection;

/// <summary>Which optimizers have what somebody wishes for, by their declarations and by the probes: nobody has to have trained them.</summary>
internal sealed class ExactSelection
{
    private ExactSelection(IReadOnlyList<ExactWish> wishes, IReadOnlyList<ProbeRule> rules, ProbeResults results) =>
        (this.Wishes, this.Rules, this.Results) = (wishes, rules, results);

    /// <summary>The wishes.</summary>
    public IReadOnlyList<ExactWish> Wishes { get; }

    /// <summary>The optimizers, those that meet most wishes first.</summary>
    public IReadOnlyList<ProbeRule> Rules { get; }

    /// <summary>What the probes saw that the wishes need.</summary>
    public ProbeResults Results { get; }

    /// <summary>The names of those that meet all.</summary>
    public IReadOnlyList<string> Meeting => [.. this.Rules.Where(r => this.Wishes.All(w => w.IsMet(r, this.Results))).Select(r => r.Name)];

    /// <summary>Runs the probes that the wishes need.</summary>
    public static ExactSelection Of(IReadOnlyList<ExactWish> wishes, IReadOnlyList<ProbeRule> rules)
    {
        var probes = wishes.Select(w => w.Probe).OfType<Probe>().Distinct().ToArray();

        // A rule that has nothing for a matrix has no derived bias of one.
        var fitting = rules.Where(r => r.Optimizer.Bias.Rules.Any(rule => rule.When is ParameterShape.Any or ParameterShape.Matrix)).ToArray();
        var results = ProbeSuite.Run(fitting, probes);
        return new(wishes, [.. fitting.OrderByDescending(r => wishes.Count(w => w.IsMet(r, results))).ThenBy(r => r.Name, StringComparer.Ordinal)], results);
    }

    /// <summary>One sentence.</summary>
    public string Verdict => this.Meeting.Count switch
    {
        0 => $"None of {this.Rules.Count} optimizers has all of this.",
        1 => $"{this.Meeting[0]} alone has all of this, of {this.Rules.Count} optimizers.",
        var n => $"{n} of {this.Rules.Count} optimizers have all of this: {string.Join(", ", this.Meeting)}.",
    };
}
