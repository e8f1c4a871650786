namespace OptBias.Testing;

/// <summary>What a trajectory holds of one parameter.</summary>
/// <param name="Initial">The values before the first step, of the parameter's shape.</param>
/// <param name="Gradients">The gradients of all steps, [T, shape].</param>
/// <param name="After">The values after each step, [T, shape].</param>
public sealed record TrajectoryParameter(SafeTensor Initial, SafeTensor Gradients, SafeTensor After)
{
    /// <summary>The values at the point at which one evaluates, after each step, [T, shape]; null where they were not recorded.</summary>
    public SafeTensor? Evaluated { get; init; }

    /// <summary>The parameter's sizes.</summary>
    public IReadOnlyList<long> Shape => this.Initial.Shape;
}
