namespace OptBias.Lab.Probes.Rules;

/// <summary>A rule that is probed: a declaration with its hyperparameters.</summary>
/// <remarks>
/// A probe judges a rule in its limit, as the derived properties do: weight decay is 0, and so is every ε that they take to be, where its range has 0 in it.
/// An ε is a number beside gradients of ordinary size; a separable problem goes on until they are 1e-20 of that.
/// Everything else keeps its default, and the learning rate follows from the degree alone.
/// </remarks>
public sealed class ProbeRule
{
    private const double NearlyZero = 1e-300;
    private readonly Lazy<RuleProperties> properties;

    /// <summary>Makes a rule.</summary>
    /// <param name="name">What tables call it.</param>
    /// <param name="optimizer">The declaration.</param>
    /// <param name="changes">Hyperparameters that differ from what a probe sets by itself.</param>
    /// <exception cref="ArgumentException">There is no such hyperparameter; the message lists the known ones.</exception>
    public ProbeRule(string name, OptimizerDescriptor optimizer, IReadOnlyDictionary<string, double>? changes = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        (this.Name, this.Optimizer, this.Changes) = (name, optimizer, changes ?? new Dictionary<string, double>());
        foreach (var key in this.Changes.Keys)
        {
            if (optimizer.Hyperparameters.All(h => h.Name != key))
                throw new ArgumentException($"{optimizer.Name} has no hyperparameter '{key}'. {NearestName.Suggest(key, optimizer.Hyperparameters.Select(h => h.Name))}Known: {string.Join(", ", optimizer.Hyperparameters.Select(h => h.Name))}.");
        }

        string[] judged = [.. optimizer.Bias.Rules.SelectMany(rule => rule.JudgedAtZero)];
        this.Hyperparameters = optimizer.Hyperparameters.ToDictionary(h => h.Name, h => this.Changes.TryGetValue(h.Name, out var own) ? own : InTheLimit(h, judged));
        this.properties = new(() => RuleProperties.Of(this));
    }

    /// <summary>What tables call it: <c>Adam</c>, <c>Adam, β2 0.95</c>.</summary>
    public string Name { get; }

    /// <summary>The declaration.</summary>
    public OptimizerDescriptor Optimizer { get; }

    /// <summary>Hyperparameters that were set for this rule.</summary>
    public IReadOnlyDictionary<string, double> Changes { get; }

    /// <summary>All hyperparameters as the probes set them; every learning rate is 1.</summary>
    public IReadOnlyDictionary<string, double> Hyperparameters { get; }

    /// <summary>What is known of the rule without a problem.</summary>
    public RuleProperties Properties => this.properties.Value;

    /// <summary>Whether the rule is the declaration itself, but for what a probe sets by itself.</summary>
    public bool IsPlain => this.Changes.Count == 0;

    /// <summary>Whether a hyperparameter is a learning rate: that of the rule, or of a rule that a composite leads to.</summary>
    public static bool IsLearningRate(string hyperparameter) => hyperparameter == "lr" || hyperparameter.EndsWith("_lr", StringComparison.Ordinal);

    private static double InTheLimit(Hyperparameter h, string[] judged)
    {
        if (IsLearningRate(h.Name))
            return 1;

        // A composite has its rules' names with a prefix: adamw_eps.
        bool Ends(string name) => h.Name == name || h.Name.EndsWith('_' + name, StringComparison.Ordinal);
        var vanishes = judged.Any(Ends) && (Ends("eps") || Ends("weight_decay"));
        return !vanishes ? h.Default : h.Allows(0) ? 0 : h.Allows(NearlyZero) ? NearlyZero : h.Default;
    }
}
