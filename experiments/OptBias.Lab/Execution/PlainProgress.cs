using System.Globalization;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Execution;

/// <summary>Progress as lines, for output that goes into a file or a pipe.</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="state">What is known.</param>
public sealed class PlainProgress(TextWriter output, ProgressState state) : IStudyProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private TimeSpan last = TimeSpan.MinValue;

    /// <inheritdoc />
    public void StageStarted(string name, int trials, int finished)
    {
        lock (this.gate)
        {
            state.Stage = name;
            output.WriteLine(finished == 0 ? $"{name}: {trials} runs" : $"{name}: {trials} runs, {finished} of them done before");
        }
    }

    /// <inheritdoc />
    public void Planned(IReadOnlyDictionary<string, int> left)
    {
        lock (this.gate)
            state.Plan(left);
    }

    /// <inheritdoc />
    public void TrialStarted(Trial trial)
    {
    }

    /// <inheritdoc />
    public void TrialAdvanced(Trial trial, string where, double accuracy)
    {
    }

    /// <inheritdoc />
    public void TrialFinished(Trial trial, RunRecord record)
    {
        lock (this.gate)
        {
            state.Finish(record);
            // A study of a thousand short runs is not a log of a thousand lines; divergence is always told.
            if (record.Diverged is null && state.Done < state.Total && this.last != TimeSpan.MinValue && state.Elapsed - this.last < Interval)
                return;
            this.last = state.Elapsed;
            var accuracy = record.Metric(MetricNames.AverageAccuracy);
            var outcome = record.Diverged is { } where ? $"diverged ({where})"
                : double.IsNaN(accuracy) ? "done"
                : string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:0.000}");
            output.WriteLine(PrintableText.Of($"[{state.Done}/{state.Total}] {record.Phase} {record.Method} {LearningRate(record)}seed {record.Seed}: {outcome}, {ProgressState.Text(state.Left)} left"));
        }
    }

    private static string LearningRate(RunRecord record) => record.Settings.TryGetValue("lr", out var lr) ? $"lr {lr} " : "";
}
