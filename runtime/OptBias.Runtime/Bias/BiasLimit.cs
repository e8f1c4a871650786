namespace OptBias;

/// <summary>A property that holds in the limit in which a hyperparameter (an epsilon, a ridge, a decay) is zero, and breaks where it is not.</summary>
/// <param name="Property">The property's name, one of those in <see cref="BiasProperty"/>.</param>
/// <param name="Hyperparameter">The hyperparameter: <c>eps</c>.</param>
public sealed record BiasLimit(string Property, string Hyperparameter)
{
    /// <summary>What one hyperparameter breaks.</summary>
    /// <param name="hyperparameter">The hyperparameter.</param>
    /// <param name="properties">The properties' names.</param>
    public static ValueList<BiasLimit> Of(string hyperparameter, params ReadOnlySpan<string> properties)
    {
        var limits = new BiasLimit[properties.Length];
        for (var k = 0; k < limits.Length; k++)
            limits[k] = new(properties[k], hyperparameter);
        return [.. limits];
    }
}
