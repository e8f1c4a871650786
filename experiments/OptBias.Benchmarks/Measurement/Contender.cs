namespace OptBias.Benchmarks.Measurement;

/// <summary>One of several ways to do the same work, measured side by side.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Run">Does the work once.</param>
public sealed record Contender(string Name, Action Run)
{
    /// <summary>Done before each timed call, outside the clock; null for nothing.</summary>
    public Action? Before { get; init; }

    /// <summary>Does the work so many times and says how many seconds that took: a contender in another process, which clocks itself. Null for the others.</summary>
    public Func<int, double>? Clocked { get; init; }
}
