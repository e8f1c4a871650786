using System.Diagnostics;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Execution;

/// <summary>What both ways of showing progress know: runs done, what runs now, accuracy so far, time left.</summary>
public sealed class ProgressState
{
    private readonly TimeLeft timeLeft;
    private readonly Dictionary<string, int> expected;
    private readonly Dictionary<string, (double Sum, int Count)> accuracy = new(StringComparer.Ordinal);
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Starts with what the store has.</summary>
    /// <param name="trials">Number of trials of the study by method.</param>
    /// <param name="stored">Runs that are there already.</param>
    /// <param name="jobs">Trials at the same time.</param>
    public ProgressState(IReadOnlyDictionary<string, int> trials, IEnumerable<RunRecord> stored, int jobs)
    {
        this.expected = new(trials, StringComparer.Ordinal);
        this.timeLeft = new(jobs);
        this.Total = trials.Values.Sum();
        foreach (var record in stored)
            this.Finish(record);
    }

    /// <summary>All runs of the study, at most; exact in the last stage.</summary>
    public int Total { get; private set; }

    /// <summary>Finished runs.</summary>
    public int Done { get; private set; }

    /// <summary>Finished runs that diverged.</summary>
    public int Diverged { get; private set; }

    /// <summary>Name of the current stage.</summary>
    public string Stage { get; set; } = "";

    /// <summary>What runs now, with where it is.</summary>
    public SortedDictionary<string, string> Running { get; } = new(StringComparer.Ordinal);

    /// <summary>Time since the start of this process' part.</summary>
    public TimeSpan Elapsed => this.watch.Elapsed;

    /// <summary>Time for the rest, or null before anything is known.</summary>
    public TimeSpan? Left => this.timeLeft.Estimate(this.expected);

    /// <summary>Mean accuracy at the end of the result runs so far, by method.</summary>
    public IEnumerable<(string Method, double Accuracy, int Runs)> Accuracies =>
        this.accuracy.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => (a.Key, a.Value.Sum / a.Value.Count, a.Value.Count));

    /// <summary>Corrects what was expected once it is known.</summary>
    /// <param name="left">Trials left by method.</param>
    public void Plan(IReadOnlyDictionary<string, int> left)
    {
        this.expected.Clear();
        foreach (var (method, count) in left)
            this.expected[method] = count;
        this.Total = this.Done + left.Values.Sum();
    }

    /// <summary>Counts a finished run.</summary>
    public void Finish(RunRecord record)
    {
        this.Done++;
        if (record.Diverged is not null)
            this.Diverged++;
        this.timeLeft.Add(record);
        this.expected[record.Method] = Math.Max(0, this.expected.GetValueOrDefault(record.Method) - 1);
        var value = record.Metric(MetricNames.AverageAccuracy);
        if (record.Phase != Phase.Result || double.IsNaN(value))
            return;
        var (sum, count) = this.accuracy.GetValueOrDefault(record.Method);
        this.accuracy[record.Method] = (sum + value, count + 1);
    }

    /// <summary>A duration as people write it: "1:05", "1:02:05".</summary>
    public static string Text(TimeSpan? time) => time is not { } t ? "?" : t.TotalHours >= 1 ? t.ToString(@"h\:mm\:ss") : t.ToString(@"m\:ss");
}
