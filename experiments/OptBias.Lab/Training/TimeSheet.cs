using System.Diagnostics;

namespace OptBias.Lab.Training;

/// <summary>Where the time of a run goes.</summary>
public sealed class TimeSheet
{
    private readonly Dictionary<string, long> ticks = new(StringComparer.Ordinal);

    /// <summary>Seconds by activity.</summary>
    public IEnumerable<KeyValuePair<string, double>> Seconds =>
        this.ticks.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, t.Value / (double)Stopwatch.Frequency));

    /// <summary>Books the time since <paramref name="start"/> to an activity and returns the present moment.</summary>
    /// <param name="activity">"forward", "backward", "optimizer", ...</param>
    /// <param name="start">A moment of <see cref="Stopwatch.GetTimestamp"/>.</param>
    public long Book(string activity, long start)
    {
        var now = Stopwatch.GetTimestamp();
        this.ticks[activity] = this.ticks.GetValueOrDefault(activity) + now - start;
        return now;
    }
}
