namespace OptBias;

/// <summary>The derived bias of an optimizer: one answer for each of its rules. A plain optimizer has one rule, a composite one for each route.</summary>
/// <param name="Rules">The rules, in the order in which a parameter is asked for its shape.</param>
public sealed record OptimizerBias(ValueList<RuleBias> Rules)
{
    /// <summary>The bias of a plain optimizer.</summary>
    public static OptimizerBias Of(RuleBias rule) => new([rule]);

    /// <summary>The bias of a composite.</summary>
    /// <param name="routes">Which parameters, and the optimizer whose rule they follow, in order.</param>
    public static OptimizerBias Of(params ReadOnlySpan<(ParameterShape When, OptimizerBias Bias)> routes)
    {
        var rules = new List<RuleBias>();
        foreach (var (when, bias) in routes)
            rules.AddRange(bias.Rules.Select(rule => rule with { When = when }));
        return new([.. rules]);
    }

    /// <summary>The same bias for parameters of some names only.</summary>
    /// <param name="names">The patterns of the route.</param>
    public OptimizerBias ForNames(string names) => new([.. this.Rules.Select(rule => rule with { Names = names })]);

    /// <summary>The rule that a parameter follows whose name no route asks for.</summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <exception cref="ArgumentException">No rule takes it.</exception>
    public RuleBias For(params ReadOnlySpan<long> shape)
    {
        foreach (var rule in this.Rules)
        {
            if (rule.Names is null && Kernels.PlanRoute.Takes(rule.When, shape.Length))
                return rule;
        }

        throw new ArgumentException($"No rule takes a parameter of shape [{string.Join(", ", shape.ToArray())}].", nameof(shape));
    }
}
