using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Sweeps;

/// <summary>How a task of a sweep ended, or that it has not.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskOutcome>))]
internal enum TaskOutcome
{
    /// <summary>It has not said that it ended: it runs, or it was killed.</summary>
    Running,

    /// <summary>All of its runs are finished.</summary>
    Done,

    /// <summary>Some of its runs failed.</summary>
    Failed,

    /// <summary>It was asked to stop.</summary>
    Stopped,
}

/// <summary>What a task says of itself, in a file of its own that no other task writes: <c>tasks/tuning-003.json</c>.</summary>
internal sealed record TaskFile
{
    private const string Folder = "tasks";

    /// <summary>Name of the stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Number of the slice, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Number of slices.</summary>
    public required int Count { get; init; }

    /// <summary>The node.</summary>
    public required string Host { get; init; }

    /// <summary>The process on it.</summary>
    public required int Process { get; init; }

    /// <summary>Slurm's name of the task, <c>12_3</c>; null without Slurm.</summary>
    public string? Job { get; init; }

    /// <summary>Runs at the same time.</summary>
    public required int Jobs { get; init; }

    /// <summary>How it ended.</summary>
    public TaskOutcome Outcome { get; init; }

    /// <summary>The runs that failed: the key, and what happened.</summary>
    public IReadOnlyDictionary<string, string> Failures { get; init; } = new Dictionary<string, string>();

    /// <summary>What the user should know, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>"tuning task 3/40".</summary>
    [JsonIgnore]
    public string Name => $"{this.Stage} task {new Slice(this.Number, this.Count)}";

    /// <summary>The file of a task.</summary>
    public static string PathOf(string directory, string stage, int number) =>
        Path.Combine(directory, Folder, string.Create(CultureInfo.InvariantCulture, $"{stage}-{number:000}.json"));

    /// <summary>Writes it.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Write(string directory)
    {
        var path = PathOf(directory, this.Stage, this.Number);
        DurableFile.Guard(path, _ => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        DurableFile.Write(path, Json.Write(this), $"{this.Host}-{this.Process}");
    }

    /// <summary>The files of a folder; what is no such file is left out.</summary>
    public static IReadOnlyList<TaskFile> ReadAll(string directory)
    {
        var folder = Path.Combine(directory, Folder);
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<TaskFile>()];
    }

    /// <summary>Forgets what tasks of an earlier sweep said.</summary>
    public static void RemoveAll(string directory)
    {
        var folder = Path.Combine(directory, Folder);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static TaskFile? Read(string path)
    {
        try
        {
            return Json.Read<TaskFile>(path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
