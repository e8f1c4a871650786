namespace OptBias;

/// <summary>Why a property does not hold, or what a property depends on.</summary>
/// <param name="Property">The property's name, one of those in <see cref="BiasProperty"/>.</param>
/// <param name="Text">A sentence with the part of the equations that is to blame.</param>
public sealed record BiasReason(string Property, string Text)
{
    /// <summary>One reason of several properties.</summary>
    /// <param name="text">The reason.</param>
    /// <param name="properties">The properties' names.</param>
    public static ValueList<BiasReason> Of(string text, params ReadOnlySpan<string> properties)
    {
        var reasons = new BiasReason[properties.Length];
        for (var k = 0; k < reasons.Length; k++)
            reasons[k] = new(properties[k], text);
        return [.. reasons];
    }
}
