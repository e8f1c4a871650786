using System.Globalization;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OptBias.Lab.Execution;

/// <summary>Progress as a panel that is redrawn in place: runs done, what runs now, accuracy so far, time left.</summary>
/// <param name="console">The terminal.</param>
/// <param name="state">What is known.</param>
public sealed class LiveProgress(IAnsiConsole console, ProgressState state) : IStudyProgress
{
    private readonly Lock gate = new();

    /// <summary>Shows the panel while <paramref name="work"/> runs on this thread.</summary>
    public void Show(Action<IStudyProgress> work) => console.Live(this.Panel()).AutoClear(true).Start(live =>
    {
        using var finished = new ManualResetEventSlim();
        var drawing = new Thread(() =>
        {
            while (!finished.Wait(TimeSpan.FromMilliseconds(250)))
                live.UpdateTarget(this.Panel());
        })
        { IsBackground = true, Name = "progress" };
        drawing.Start();
        try
        {
            work(this);
        }
        finally
        {
            finished.Set();
            drawing.Join();
        }
    });

    /// <inheritdoc />
    public void StageStarted(string name, int trials, int finished)
    {
        lock (this.gate)
            state.Stage = name;
    }

    /// <inheritdoc />
    public void Planned(IReadOnlyDictionary<string, int> left)
    {
        lock (this.gate)
            state.Plan(left);
    }

    /// <inheritdoc />
    public void TrialStarted(Trial trial) => this.Note(trial, "starts");

    /// <inheritdoc />
    public void TrialAdvanced(Trial trial, string where, double accuracy) =>
        this.Note(trial, double.IsNaN(accuracy) ? where : string.Create(CultureInfo.InvariantCulture, $"{where}, accuracy {accuracy:0.000}"));

    /// <inheritdoc />
    public void TrialFinished(Trial trial, RunRecord record)
    {
        lock (this.gate)
        {
            state.Running.Remove(Name(trial));
            state.Finish(record);
        }
    }

    private static string Name(Trial trial)
    {
        var rate = trial.Settings().FirstOrDefault(s => s.Key == "lr").Value;
        return $"{trial.Method}{(rate is null ? "" : $" lr {rate}")} seed {trial.Seed}";
    }

    private void Note(Trial trial, string where)
    {
        lock (this.gate)
            state.Running[Name(trial)] = where;
    }

    private Rows Panel()
    {
        lock (this.gate)
        {
            var filled = state.Total == 0 ? 0 : state.Done * 30 / state.Total;
            var lines = new List<IRenderable>
            {
                new Markup($"[bold]{PrintableText.Markup(state.Stage)}[/]  [green]{new string('━', filled)}[/][grey]{new string('━', 30 - filled)}[/]  {state.Done}/{state.Total} runs"
                    + (state.Diverged > 0 ? $"  [yellow]{state.Diverged} diverged[/]" : "")
                    + $"  {ProgressState.Text(state.Elapsed)} gone, {ProgressState.Text(state.Left)} left"),
            };
            lines.AddRange(state.Running.Select(r => new Markup($"  [grey]{PrintableText.Markup(r.Key)}:[/] {PrintableText.Markup(r.Value)}")));
            if (state.Accuracies.Any())
            {
                lines.Add(new Markup("  accuracy so far: " + string.Join("  ", state.Accuracies.Select(a =>
                    string.Create(CultureInfo.InvariantCulture, $"{PrintableText.Markup(a.Method)} [bold]{a.Accuracy:0.000}[/] [grey]({a.Runs})[/]")))));
            }

            return new Rows(lines);
        }
    }
}
