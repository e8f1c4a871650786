using OptBias.Lab.Execution;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Sweeps.Slurm;

namespace OptBias.Lab.Sweeps;

/// <summary>How far a stage is.</summary>
/// <param name="Name">Name of the stage.</param>
/// <param name="Total">Its runs; null before they are known.</param>
/// <param name="Done">Finished runs, diverged ones included.</param>
/// <param name="Diverged">Finished runs that diverged.</param>
/// <param name="Failed">Runs that failed and are not finished since.</param>
/// <param name="Running">Tasks that run.</param>
/// <param name="Waiting">Tasks that wait.</param>
internal sealed record StageStatus(string Name, int? Total, int Done, int Diverged, int Failed, int Running, int Waiting);

/// <summary>How far a study is: from the folder alone, and from Slurm's queue where Slurm has the tasks.</summary>
/// <param name="Stages">The stages, in order.</param>
/// <param name="Lines">What else there is to say, a sentence each.</param>
internal sealed record SweepStatus(IReadOnlyList<StageStatus> Stages, IReadOnlyList<string> Lines)
{
    /// <summary>At most this many tasks are named one by one.</summary>
    private const int Named = 5;

    /// <summary>Slurm's words for a task that only waits for its turn.</summary>
    private static readonly string[] Patient = ["None", "Resources", "Priority", "JobArrayTaskLimit", "BeginTime", "Licenses", "QOSMaxJobsPerUserLimit", "AssocMaxJobsLimit", "QOSMaxCpuPerUserLimit", "AssocGrpCpuLimit", "Cleaning"];

    /// <summary>Looks at a folder.</summary>
    public static SweepStatus Of(Study study, StudyPlan plan, RunStore store)
    {
        var lines = new List<string>();
        var states = StageState.Of(study, plan, store);
        var tasks = TaskFile.ReadAll(store.Directory);
        var sweep = SweepFile.Read(store.Directory);
        var queue = Queue(sweep, lines);
        var isOpen = queue is not null || sweep is null or { Engine: SweepFile.Local };
        var running = tasks.Where(t => t.Outcome == TaskOutcome.Running && IsRunning(t, sweep, queue)).ToArray();
        StageStatus[] stages = [.. states.Select(state =>
        {
            var job = sweep?.Jobs.GetValueOrDefault(state.Stage.Name);
            var records = state.Trials?.Keys.Select(store.Find).OfType<RunRecord>().ToArray() ?? [];
            return new StageStatus(
                state.Stage.Name, state.Trials?.Count, records.Length, records.Count(r => r.Diverged is not null),
                tasks.Where(t => t.Stage == state.Stage.Name).SelectMany(t => t.Failures.Keys).Distinct().Count(key => state.Trials?.ContainsKey(key) == true && store.Find(key) is null),
                job is null ? running.Count(t => t.Stage == state.Stage.Name) : queue?.Count(t => t.Job == job && t.IsRunning) ?? 0,
                job is null ? 0 : queue?.Count(t => t.Job == job && !t.IsRunning) ?? 0);
        })];

        lines.AddRange(First(tasks.Where(t => t.Warning is not null).Select(t => t.Warning!).Distinct()));
        lines.AddRange(First(tasks.SelectMany(t => t.Failures.Where(f => store.Find(f.Key) is null).Select(f => $"{t.Name} on {t.Host} failed: {f.Value} Output: {Output(store, t, sweep)}"))));
        if (isOpen)
            lines.AddRange(First(Silent(tasks.Except(running), sweep, queue, store)));
        lines.AddRange(First(Blocked(queue)));
        var stopped = tasks.Count(t => t.Outcome == TaskOutcome.Stopped && queue?.Any(q => t.Job == $"{q.Job}_{q.Number}") != true);
        if (stopped > 0)
            lines.Add($"{stopped} {(stopped == 1 ? "task was" : "tasks were")} asked to stop before the end: cancelled, or out of time (--time).");
        if (queue?.FirstOrDefault(t => t.Reason.Contains("DependencyNeverSatisfied", StringComparison.Ordinal)) is { } stuck)
            lines.Add($"Job {stuck.Job} waits for tasks that failed and will not start: optbias cancel {store.Directory}, then the same optbias sweep.");

        var left = states.Sum(s => s.Missing.Count) + StageState.ExpectedLater(study, plan, states);
        lines.Add(Outlook(study, plan, store, states, stages, sweep, left, isOpen));
        return new(stages, lines);
    }

    private static IReadOnlyList<QueuedTask>? Queue(SweepFile? sweep, List<string> lines)
    {
        if (sweep is not { Engine: SweepFile.Slurm })
            return null;
        try
        {
            return SlurmQueue.Read(sweep.Jobs.Values);
        }
        catch (SlurmException e)
        {
            lines.Add($"What follows is from the folder alone. {e.Message}");
            return null;
        }
    }

    private static bool IsRunning(TaskFile task, SweepFile? sweep, IReadOnlyList<QueuedTask>? queue) =>
        queue is not null ? queue.Any(q => q.IsRunning && task.Job == $"{q.Job}_{q.Number}")
        : sweep is { Engine: SweepFile.Slurm } || task.Host != System.Environment.MachineName || LocalProcess.IsAlive(task.Process);

    /// <summary>Tasks that began, never said that they ended, and are there no more.</summary>
    private static IEnumerable<string> Silent(IEnumerable<TaskFile> tasks, SweepFile? sweep, IReadOnlyList<QueuedTask>? queue, RunStore store)
    {
        // A task that was requeued waits; it has not ended.
        TaskFile[] silent = [.. tasks.Where(t => t.Outcome == TaskOutcome.Running && queue?.Any(q => t.Job == $"{q.Job}_{q.Number}") != true)];
        if (silent.Length == 0)
            return [];
        var ended = sweep is { Engine: SweepFile.Slurm } ? SlurmQueue.Ended(sweep.Jobs.Values) : null;
        return silent.Select(t => $"{t.Name} on {t.Host} ended without a word ({(t.Job is not null && ended?.GetValueOrDefault(t.Job) is { } how ? how : "killed, out of memory, or its node died")}); its finished runs are kept. Output: {Output(store, t, sweep)}");
    }

    /// <summary>Tasks that wait for something else than their turn. Slurm takes a job that no node can ever run, and lets it wait.</summary>
    private static IEnumerable<string> Blocked(IReadOnlyList<QueuedTask>? queue) =>
        from task in queue ?? []
        where !task.IsRunning && !Patient.Contains(task.Reason) && !task.Reason.StartsWith("Dependency", StringComparison.Ordinal)
        group task by (task.Job, task.Reason) into same
        select $"{same.Count()} {(same.Count() == 1 ? "task" : "tasks")} of job {same.Key.Job} may never start: Slurm says {same.Key.Reason}. sinfo shows what there is; end them with optbias cancel and submit again with other --partition, --time, --cpus or --gres.";

    private static string Output(RunStore store, TaskFile task, SweepFile? sweep) => sweep is { Engine: SweepFile.Slurm }
        ? Path.Combine(store.Directory, "slurm", $"{task.Stage}-{task.Number}.out")
        : Path.ChangeExtension(TaskFile.PathOf(store.Directory, task.Stage, task.Number), ".log");

    private static string Outlook(Study study, StudyPlan plan, RunStore store, IReadOnlyList<StageState> states, IReadOnlyList<StageStatus> stages, SweepFile? sweep, int left, bool isOpen)
    {
        if (left == 0)
            return $"All runs are done. optbias report {store.Directory} makes the report.";
        var running = stages.Sum(s => s.Running);
        var waiting = stages.Sum(s => s.Waiting);
        if (running + waiting == 0)
            return $"{(isOpen ? "Nothing runs. " : "")}{Counted.Runs(left)} left; the same optbias run or optbias sweep does them.";
        var places = (running > 0 ? running : Math.Min(waiting, sweep?.ArrayLimit ?? waiting)) * (sweep?.Cpus ?? 1);
        var time = new TimeLeft(places);
        foreach (var record in store.Records)
            time.Add(record);
        var remaining = study.Expected(plan).ToDictionary(e => e.Method, e => e.Count);
        foreach (var record in store.Records)
            remaining[record.Method] = Math.Max(0, remaining.GetValueOrDefault(record.Method) - 1);
        if (states.All(s => s.Trials is not null))
            remaining = states.SelectMany(s => s.Missing).GroupBy(t => t.Method).ToDictionary(g => g.Key, g => g.Count());
        return $"About {Counted.Runs(left)} left, {ProgressState.Text(time.Estimate(remaining))} at {places} at a time{(running == 0 ? ", once they start" : "")}.";
    }

    private static IEnumerable<string> First(IEnumerable<string> all)
    {
        string[] lines = [.. all];
        return lines.Length <= Named ? lines : [.. lines.Take(Named), $"... and {lines.Length - Named} more."];
    }
}
