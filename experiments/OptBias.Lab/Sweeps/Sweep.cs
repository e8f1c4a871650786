using System.Text.Json;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Sweeps;

/// <summary>The unfinished slices of a stage.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Slices">Number of slices of the stage.</param>
/// <param name="Numbers">The slices that have something to do, in order.</param>
/// <param name="Runs">Runs to do; null where that depends on the stage before.</param>
internal sealed record SweepStage(string Stage, int Slices, IReadOnlyList<int> Numbers, int? Runs)
{
    /// <summary>The stages that are not finished, cut into slices.</summary>
    /// <param name="states">How far the stages are.</param>
    /// <param name="expectedLater">Runs of the stages that are not known yet, about.</param>
    /// <param name="tasks">At most this many tasks for each stage.</param>
    public static IReadOnlyList<SweepStage> Of(IReadOnlyList<StageState> states, int expectedLater, int tasks)
    {
        var stages = new List<SweepStage>();
        foreach (var state in states.Where(s => !s.IsDone))
        {
            var count = Math.Min(tasks, Math.Max(1, state.Trials?.Count ?? expectedLater));
            var missing = state.Missing.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
            stages.Add(state.Trials is null
                ? new(state.Stage.Name, count, [.. Enumerable.Range(1, count)], null)
                : new(state.Stage.Name, count, Slice.Unfinished(state.Trials.Keys, count, key => !missing.Contains(key)), missing.Count));
        }

        return stages;
    }
}

/// <summary>What a task may use.</summary>
internal sealed record TaskResources
{
    /// <summary>Cores of a task, which are runs at the same time.</summary>
    public required int Cpus { get; init; }

    /// <summary>Tasks at the same time; null for as many as there is room for.</summary>
    public int? ArrayLimit { get; init; }

    /// <summary>Slurm's partition.</summary>
    public string? Partition { get; init; }

    /// <summary>Longest time of a task, as Slurm takes it.</summary>
    public string? Time { get; init; }

    /// <summary>Slurm's generic resources: <c>gpu:1</c>.</summary>
    public string? Gres { get; init; }

    /// <summary>Shell commands before the program: <c>module load ...</c>.</summary>
    public string? Setup { get; init; }
}

/// <summary>A sweep: what is missing of a study in a folder, and how a task of it is started.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Directory">The folder, as an absolute path.</param>
/// <param name="Stages">What is missing.</param>
/// <param name="Command">The words that start a task, without stage and slice.</param>
/// <param name="Resources">What a task may use.</param>
internal sealed record Sweep(string Study, string Directory, IReadOnlyList<SweepStage> Stages, IReadOnlyList<string> Command, TaskResources Resources)
{
    /// <summary>The words that start a task.</summary>
    public IReadOnlyList<string> TaskCommand(SweepStage stage, string number) => [.. this.Command, "--stage", stage.Stage, "--slice", $"{number}/{stage.Slices}"];
}

/// <summary>Who has been asked to do a sweep, in <c>sweep.json</c>: what status and cancel go by.</summary>
internal sealed record SweepFile
{
    /// <summary>Without a job scheduler.</summary>
    public const string Local = "local";

    /// <summary>Slurm.</summary>
    public const string Slurm = "slurm";

    /// <summary>One of the two above.</summary>
    public required string Engine { get; init; }

    /// <summary>Where the sweep was started.</summary>
    public required string Host { get; init; }

    /// <summary>The process that started it; it lives as long as a local sweep.</summary>
    public required int Process { get; init; }

    /// <summary>Runs of a task at the same time.</summary>
    public required int Cpus { get; init; }

    /// <summary>Tasks at the same time, or null.</summary>
    public int? ArrayLimit { get; init; }

    /// <summary>Slurm's arrays, by the name of the stage.</summary>
    public IReadOnlyDictionary<string, string> Jobs { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the file of a folder; null where there is none.</summary>
    /// <exception cref="StorageException">There is one, and it cannot be read.</exception>
    public static SweepFile? Read(string directory)
    {
        var path = PathIn(directory);
        try
        {
            return File.Exists(path) ? Json.Read<SweepFile>(path) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} does not say what was submitted: {e.Message.Split('\n')[0]} Look for tasks that still run (squeue), then delete the file.", e);
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Write(string directory) => DurableFile.Write(PathIn(directory), Json.Write(this));

    private static string PathIn(string directory) => Path.Combine(directory, "sweep.json");
}
