namespace OptBias;

/// <summary>A checkpoint is sound, and does not fit the optimizer that was to load it. The optimizer is as it was.</summary>
public sealed class CheckpointMismatchException : ArgumentException
{
    /// <summary>How many differences the message lists.</summary>
    private const int Listed = 10;

    /// <summary>Says what differs.</summary>
    /// <param name="source">What was to be loaded.</param>
    /// <param name="differences">One sentence for each difference, with both values.</param>
    /// <param name="advice">What the user can do; empty for nothing.</param>
    public CheckpointMismatchException(string source, IReadOnlyList<string> differences, string advice = "")
        : base(Text(source, differences, advice)) => this.Differences = differences;

    /// <summary>One sentence for each difference, with the value in the file and the value here.</summary>
    public IReadOnlyList<string> Differences { get; }

    private static string Text(string source, IReadOnlyList<string> differences, string advice)
    {
        var more = differences.Count > Listed ? $"\n- and {differences.Count - Listed} more" : "";
        return $"{source} cannot be loaded; nothing has changed.\n- {string.Join("\n- ", differences.Take(Listed))}{more}{(advice.Length > 0 ? "\n" + advice : "")}";
    }
}
