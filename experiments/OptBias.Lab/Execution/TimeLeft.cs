using OptBias.Lab.Storage;

namespace OptBias.Lab.Execution;

/// <summary>Says how long a study will still take, from how long its methods took so far.</summary>
/// <param name="jobs">Trials at the same time.</param>
public sealed class TimeLeft(int jobs)
{
    private readonly Dictionary<string, (double Seconds, int Count)> byMethod = new(StringComparer.Ordinal);

    /// <summary>Notes a finished run.</summary>
    public void Add(RunRecord record)
    {
        var (seconds, count) = this.byMethod.GetValueOrDefault(record.Method);
        this.byMethod[record.Method] = (seconds + record.WallSeconds, count + 1);
    }

    /// <summary>The time for the remaining runs; null before anything is known.</summary>
    /// <param name="remaining">How many runs of each method remain, running ones included.</param>
    public TimeSpan? Estimate(IEnumerable<KeyValuePair<string, int>> remaining)
    {
        if (this.byMethod.Count == 0)
            return null;
        // A method that has not run yet costs what an average one does.
        var typical = this.byMethod.Values.Sum(m => m.Seconds) / this.byMethod.Values.Sum(m => m.Count);
        var total = remaining.Sum(r => r.Value * (this.byMethod.TryGetValue(r.Key, out var known) ? known.Seconds / known.Count : typical));
        return TimeSpan.FromSeconds(total / jobs);
    }
}
