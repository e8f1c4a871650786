using System.Collections.Concurrent;
using System.Text.Json;

namespace OptBias.Lab.Storage;

/// <summary>
/// The finished runs of a study in a folder: <c>manifest.json</c>, one file for each run in <c>runs/</c>, trained
/// networks in <c>artifacts/</c> as safetensors. A run is there completely or not at all.
/// </summary>
public sealed class RunStore : IDisposable
{
    private readonly string runs;
    private readonly string artifacts;
    private FileStream? writer;
    private readonly ConcurrentDictionary<string, RunRecord> records = new(StringComparer.Ordinal);
    private readonly List<DamagedFile> damaged = [];

    private RunStore(string directory, Manifest manifest)
    {
        this.Directory = directory;
        this.Manifest = manifest;
        this.runs = Path.Combine(directory, "runs");
        this.artifacts = Path.Combine(directory, "artifacts");
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>What the folder holds.</summary>
    public Manifest Manifest { get; }

    /// <summary>The finished runs, ordered by key.</summary>
    public IReadOnlyList<RunRecord> Records => [.. this.records.Values.OrderBy(r => r.Key, StringComparer.Ordinal)];

    /// <summary>
    /// Files that do not hold what was written into them, ordered by name. Their runs count as not done: <c>optbias run</c> does them again.
    /// Artifacts are looked at only where the folder was opened to be written.
    /// </summary>
    public IReadOnlyList<DamagedFile> Damaged => this.damaged;

    /// <summary>Opens the folder for the runs of a manifest, or makes it.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="manifest">What is to be run.</param>
    /// <param name="fresh">Whether runs that are there are thrown away.</param>
    /// <exception cref="StorageException">The folder holds runs of something else (the message says what differs), or cannot be written.</exception>
    public static RunStore Open(string directory, Manifest manifest, bool fresh)
    {
        var path = Path.Combine(directory, "manifest.json");
        FileStream? writer = null;
        try
        {
            writer = Lock(directory);
            if (fresh)
                Clear(directory);
            if (File.Exists(path))
            {
                var stored = ReadManifest(path);
                var differences = stored.DifferencesFrom(manifest);
                if (differences.Count > 0)
                {
                    throw new StorageException(
                        $"{directory} holds the runs of something else, and the two must not mix. Give --fresh to throw them away, or another folder with --out.\n  "
                        + string.Join("\n  ", differences));
                }
            }

            else if (HasRuns(directory))
            {
                throw new StorageException($"{directory} holds runs but no manifest.json that says what they are. Give --fresh to throw them away, or another folder with --out.");
            }

            var store = new RunStore(directory, manifest);
            System.IO.Directory.CreateDirectory(store.runs);
            foreach (var folder in new[] { directory, store.runs, store.artifacts })
                DurableFile.RemoveUnfinished(folder);
            DurableFile.Write(path, Json.Write(manifest));
            store.Load(withArtifacts: true);
            store.writer = writer;
            writer = null;
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Cannot use {directory} for results: {e.Message}", e);
        }
        finally
        {
            writer?.Dispose();
        }
    }

    /// <summary>Opens the folder of finished runs to read them.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="StorageException">There are no results in it, or they were written by another version.</exception>
    public static RunStore OpenExisting(string directory)
    {
        var path = Path.Combine(directory, "manifest.json");
        if (!File.Exists(path))
            throw new StorageException($"{directory} holds no results: there is no manifest.json. Give the folder of a study, such as results/class-incremental.");
        var manifest = ReadManifest(path);
        if (manifest.Format != Manifest.CurrentFormat)
            throw new StorageException($"{directory} was written in format {manifest.Format}; this version reads format {Manifest.CurrentFormat}.");
        var store = new RunStore(directory, manifest);
        try
        {
            store.Load(withArtifacts: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Cannot read {directory}: {e.Message}", e);
        }

        return store;
    }

    /// <summary>The run of a key, or null if it is not finished.</summary>
    public RunRecord? Find(string key) => this.records.GetValueOrDefault(key);

    /// <summary>Keeps a finished run; when this returns, it survives the process.</summary>
    /// <param name="record">The run.</param>
    /// <param name="artifact">Tensors to keep beside it, or null.</param>
    /// <exception cref="StorageException">It cannot be written. Earlier runs are kept.</exception>
    public void Add(RunRecord record, IReadOnlyList<SafeTensor>? artifact = null)
    {
        // The artifact first: a record says that everything of its run is there, and what it was.
        if (artifact is not null)
        {
            DurableFile.Guard(this.ArtifactPath(record.Key), path =>
            {
                System.IO.Directory.CreateDirectory(this.artifacts);
                SafeTensors.Write(path, artifact);
                record = record with { Artifact = RecordFile.Checksum(File.ReadAllBytes(path)) };
            });
        }

        DurableFile.Write(Path.Combine(this.runs, record.Key + ".json"), RecordFile.Write(record));
        this.records[record.Key] = record;
    }

    /// <summary>Lets others write into the folder.</summary>
    public void Dispose() => this.writer?.Dispose();

    /// <summary>The path of the file that was kept beside a run.</summary>
    public string ArtifactPath(string key) => Path.Combine(this.artifacts, key + ".safetensors");

    /// <summary>Two processes on one folder would do everything twice. The system lets go of the lock when a process dies.</summary>
    private static FileStream Lock(string directory)
    {
        System.IO.Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        // Held by another process: EAGAIN on Linux and macOS, a sharing violation on Windows. A disk that cannot be written is neither.
        catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            throw new StorageException($"Another optbias is writing into {directory}.", e);
        }
    }

    private static bool HasRuns(string directory)
    {
        var path = Path.Combine(directory, "runs");
        return System.IO.Directory.Exists(path) && System.IO.Directory.EnumerateFiles(path, "*.json").Any();
    }

    private static Manifest ReadManifest(string path)
    {
        try
        {
            var manifest = Json.Read<Manifest>(path) ?? throw new JsonException("it is empty.");
            return manifest.Grid.Values.Concat(manifest.Request.Methods).Contains(null!) ? throw new JsonException("it has a null where a text belongs.") : manifest;
        }
        catch (JsonException e)
        {
            throw new StorageException($"{path} is no manifest of this laboratory: {e.Message.Split('\n')[0]} Give --fresh to start anew.", e);
        }
    }

    /// <summary>Removes what the laboratory wrote, and nothing else: the folder may be the user's.</summary>
    private static void Clear(string directory)
    {
        foreach (var part in new[] { "runs", "artifacts" })
        {
            var path = Path.Combine(directory, part);
            if (System.IO.Directory.Exists(path))
                System.IO.Directory.Delete(path, recursive: true);
        }

        File.Delete(Path.Combine(directory, "manifest.json"));
    }

    private void Load(bool withArtifacts)
    {
        if (!System.IO.Directory.Exists(this.runs))
            return;
        foreach (var file in System.IO.Directory.EnumerateFiles(this.runs, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                var record = RecordFile.Read(file);
                if (withArtifacts && this.ArtifactProblem(record) is { } problem)
                    this.damaged.Add(new(this.ArtifactPath(record.Key), problem));
                else
                    this.records[record.Key] = record;
            }
            catch (DamagedFileException e)
            {
                this.damaged.Add(new(file, e.Message));
            }
        }
    }

    private string? ArtifactProblem(RunRecord record)
    {
        var path = this.ArtifactPath(record.Key);
        if (record.Artifact is null)
            return null;
        if (!File.Exists(path))
            return "it is missing, and its run needs it";
        using var stream = File.OpenRead(path);
        return "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stream)) == record.Artifact
            ? null : "it is not what its run left there";
    }
}
