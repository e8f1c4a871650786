namespace OptBias;

/// <summary>What a load has done, by name: <c>parameter 'fc1.weight': momentum</c>, <c>group 0: beta1 = 0.9</c>.</summary>
public sealed record CheckpointReport
{
    /// <summary>What was taken from the file.</summary>
    public required IReadOnlyList<string> Taken { get; init; }

    /// <summary>What the optimizer has and the file has not; it is as it was before.</summary>
    public required IReadOnlyList<string> New { get; init; }

    /// <summary>What the file has and the optimizer has not.</summary>
    public required IReadOnlyList<string> Dropped { get; init; }

    /// <summary>How file and optimizer differ, with both values; empty unless differences were allowed.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>The report as text: what is new, what was dropped, and how much was taken.</summary>
    public override string ToString() => string.Join('\n', [
        $"{this.Taken.Count} values were taken.",
        .. this.Differences.Select(static line => "differs: " + line),
        .. this.New.Select(static line => "new: " + line),
        .. this.Dropped.Select(static line => "dropped: " + line)]);
}
