namespace OptBias;

/// <summary>Which rule a parameter follows.</summary>
/// <param name="Parameter">What messages call the parameter: <c>parameter 'fc1.weight'</c>, or <c>parameter 3 of group 0</c> where it has no name.</param>
/// <param name="Rule">The class whose rule it is: the optimizer's own, or that of the route.</param>
public sealed record ParameterRoute(string Parameter, string Rule)
{
    /// <inheritdoc/>
    public override string ToString() => $"{this.Parameter}: {this.Rule}";
}
