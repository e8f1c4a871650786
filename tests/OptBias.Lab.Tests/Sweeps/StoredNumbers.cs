using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Sweeps;

/// <summary>What runs found, without what differs between two times of doing the same.</summary>
internal static class StoredNumbers
{
    /// <summary>Every number of every run, by key: bits, not roundings.</summary>
    public static SortedDictionary<string, string> Of(string directory)
    {
        using var store = RunStore.OpenExisting(directory);
        Assert.Empty(store.Damaged);
        return new(store.Records.ToDictionary(r => r.Key, Text, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static string Text(RunRecord run) => string.Join(' ', [
        $"{run.Diverged}",
        .. run.Metrics.Where(m => !m.Key.StartsWith("seconds", StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}={BitConverter.DoubleToInt64Bits(m.Value):x}"),
        .. run.Curves.SelectMany(c => c.X.Concat(c.Y).Select(v => $"{BitConverter.DoubleToInt64Bits(v):x}").Prepend(c.Name + c.Series))]);
}
