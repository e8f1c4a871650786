using System.Collections.Concurrent;
using System.Text.Json;

namespace OptBias.Lab.Storage;

/// <summary>
/// The finished runs of a study in a folder: <c>manifest.json</c>, one file for each run in <c>runs/</c>, trained
/// networks in <c>artifacts/</c> as safetensors. Of many runs most are in <c>packs/</c>. A run is there completely or not at all.
/// </summary>
public sealed class RunStore : IDisposable
{
    /// <summary>Below so many files a folder is better off with files.</summary>
    internal const int PackThreshold = 1000;

    private readonly string runs;
    private readonly string packs;
    private readonly string artifacts;
    private FolderLock? planner;
    private FolderLock? writers;
    private string? writer;
    private readonly ConcurrentDictionary<string, RunRecord> records = new(StringComparer.Ordinal);
    private readonly List<DamagedFile> damaged = [];
    private readonly List<DamagedFile> foreign = [];
    private readonly string fingerprint;

    private RunStore(string directory, Manifest manifest)
    {
        this.Directory = directory;
        this.Manifest = manifest;
        this.fingerprint = manifest.Fingerprint;
        this.runs = Path.Combine(directory, "runs");
        this.packs = Path.Combine(directory, "packs");
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

    /// <summary>Whole files of runs that belong to another study, grid or version. Nobody reads them here, and nobody touches them.</summary>
    public IReadOnlyList<DamagedFile> Foreign => this.foreign;

    /// <summary>The process that held the folder's lock and died with it, or null.</summary>
    public string? TakenOverFrom => this.planner?.LeftBehindBy ?? this.writers?.LeftBehindBy;

    /// <summary>Opens the folder for the runs of a manifest, or makes it.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="manifest">What is to be run.</param>
    /// <param name="fresh">Whether runs that are there are thrown away.</param>
    /// <exception cref="StorageException">The folder holds runs of something else (the message says what differs), or cannot be written.</exception>
    public static RunStore Open(string directory, Manifest manifest, bool fresh)
    {
        FolderLock? planner = null;
        FolderLock? writers = null;
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            planner = FolderLock.TakeAlone(directory, FolderLock.Planner);
            writers = FolderLock.TakeAlone(directory, FolderLock.Writers);
            if (fresh)
                Clear(directory);
            Compare(directory, manifest);
            var store = new RunStore(directory, manifest);
            System.IO.Directory.CreateDirectory(store.runs);
            foreach (var folder in new[] { directory, store.runs, store.packs, store.artifacts, Path.Combine(directory, "tasks") })
                DurableFile.RemoveUnfinished(folder);
            DurableFile.Write(ManifestPath(directory), Json.Write(manifest));
            store.Load(withArtifacts: true);
            (store.planner, store.writers) = (planner, writers);
            (planner, writers) = (null, null);
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Cannot use {directory} for results: {e.Message}{DurableFile.Advice(e)}", e);
        }
        finally
        {
            writers?.Dispose();
            planner?.Dispose();
        }
    }

    /// <summary>
    /// Opens the folder as one of several processes that write into it, each its own runs. The first one makes the folder. Nothing of
    /// another's is removed.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="manifest">What is to be run.</param>
    /// <param name="patience">How long to wait for a command that has the folder for itself.</param>
    /// <exception cref="StorageException">The folder holds runs of something else, another command has it for itself, or it cannot be written.</exception>
    public static RunStore Join(string directory, Manifest manifest, TimeSpan patience)
    {
        FolderLock? writers = null;
        try
        {
            var store = new RunStore(directory, manifest) { writer = Guid.NewGuid().ToString("N")[..8] };
            System.IO.Directory.CreateDirectory(store.runs);
            writers = FolderLock.TakeTogether(directory, FolderLock.Writers, patience);
            Compare(directory, manifest);
            if (!IsIn(directory))
                DurableFile.Write(ManifestPath(directory), Json.Write(manifest), store.writer);
            store.Load(withArtifacts: false);
            store.writers = writers;
            writers = null;
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Cannot use {directory} for results: {e.Message}{DurableFile.Advice(e)}", e);
        }
        finally
        {
            writers?.Dispose();
        }
    }

    /// <summary>Opens the folder of finished runs to read them.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="StorageException">There are no results in it, or they were written by another version.</exception>
    public static RunStore OpenExisting(string directory)
    {
        var path = ManifestPath(directory);
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
        record = record with { Study = this.Manifest.Study, Manifest = this.fingerprint };
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

        DurableFile.Write(Path.Combine(this.runs, record.Key + ".json"), RecordFile.Write(record), this.writer);
        this.records[record.Key] = record;
    }

    /// <summary>
    /// Puts the small files of finished runs into packs, if there are many and nobody else does it now. A pack is there completely before
    /// its files go, so a reader finds each run in one of the two, and so does one who comes after a power cut.
    /// </summary>
    /// <param name="atLeast">So many files are worth it.</param>
    /// <returns>Runs that were packed.</returns>
    /// <exception cref="StorageException">A pack cannot be written. The files are still there.</exception>
    internal int Pack(int atLeast = PackThreshold)
    {
        using var packer = FolderLock.TryTakeAlone(this.Directory, FolderLock.Packer);
        if (packer is null || !System.IO.Directory.Exists(this.runs))
            return 0;
        string[] files = [.. System.IO.Directory.EnumerateFiles(this.runs, "*.json").Order(StringComparer.Ordinal)];
        if (files.Length < atLeast)
            return 0;
        var packed = 0;
        foreach (var chunk in files.Chunk(PackFile.Largest))
        {
            var whole = new List<(string File, RunRecord Record)>();
            foreach (var file in chunk)
            {
                try
                {
                    var record = RecordFile.Read(file);
                    if (this.ForeignProblem(record) is null)
                        whole.Add((file, record));
                }
                catch (DamagedFileException)
                {
                    // It stays, and whoever opens the folder names it.
                }
            }

            if (whole.Count == 0)
                continue;
            var content = PackFile.Write(whole.Select(w => w.Record));
            var path = Path.Combine(this.packs, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))[..32] + ".parquet");
            DurableFile.Guard(path, _ => System.IO.Directory.CreateDirectory(this.packs));
            DurableFile.Write(path, content, this.writer);
            foreach (var (file, _) in whole)
                DurableFile.TryDelete(file);
            packed += whole.Count;
        }

        return packed;
    }

    /// <summary>Lets the tasks of a sweep write into the folder, which stays closed to other commands. This store writes nothing afterwards.</summary>
    internal void LetTasksIn()
    {
        this.writers?.Dispose();
        this.writers = null;
    }

    /// <summary>Reads the folder again, for what others finished.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    internal void Reload() => DurableFile.Guard(this.Directory, _ =>
    {
        this.records.Clear();
        this.damaged.Clear();
        this.foreign.Clear();
        this.Load(withArtifacts: false);
    });

    /// <summary>Lets others write into the folder.</summary>
    public void Dispose()
    {
        this.writers?.Dispose();
        this.planner?.Dispose();
    }

    /// <summary>The path of the file that was kept beside a run.</summary>
    public string ArtifactPath(string key) => Path.Combine(this.artifacts, key + ".safetensors");

    /// <summary>Whether a folder holds a study's results.</summary>
    internal static bool IsIn(string directory) => File.Exists(ManifestPath(directory));

    private static string ManifestPath(string directory) => Path.Combine(directory, "manifest.json");

    /// <summary>Runs of two manifests never share a folder.</summary>
    private static void Compare(string directory, Manifest manifest)
    {
        var path = ManifestPath(directory);
        if (File.Exists(path))
        {
            var differences = ReadManifest(path).DifferencesFrom(manifest);
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
    }

    private static bool HasRuns(string directory)
    {
        return Any("runs", "*.json") || Any("packs", "*.parquet");

        bool Any(string folder, string files)
        {
            var path = Path.Combine(directory, folder);
            return System.IO.Directory.Exists(path) && System.IO.Directory.EnumerateFiles(path, files).Any();
        }
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
        foreach (var part in new[] { "runs", "artifacts", "packs", "tasks", "slurm" })
        {
            var path = Path.Combine(directory, part);
            if (System.IO.Directory.Exists(path))
                System.IO.Directory.Delete(path, recursive: true);
        }

        File.Delete(ManifestPath(directory));
        File.Delete(Path.Combine(directory, "sweep.json"));
    }

    /// <summary>
    /// The files first and then the packs: a task may pack in between, and a run is in its pack before its file goes. A run that is in
    /// both was done again, and its file is the later one.
    /// </summary>
    private void Load(bool withArtifacts)
    {
        if (System.IO.Directory.Exists(this.runs))
        {
            foreach (var file in System.IO.Directory.EnumerateFiles(this.runs, "*.json").Order(StringComparer.Ordinal))
            {
                try
                {
                    this.Keep(RecordFile.Read(file), file, withArtifacts);
                }
                catch (DamagedFileException e)
                {
                    this.damaged.Add(new(file, e.Message));
                }
                catch (FileNotFoundException)
                {
                    // It is in a pack by now.
                }
            }
        }

        if (System.IO.Directory.Exists(this.packs))
        {
            var shared = new PackCache();
            foreach (var file in System.IO.Directory.EnumerateFiles(this.packs, "*.parquet").Order(StringComparer.Ordinal))
            {
                try
                {
                    foreach (var record in PackFile.Read(file, shared, problem => this.damaged.Add(new(file, problem))))
                        this.Keep(record, file, withArtifacts);
                }
                catch (DamagedFileException e)
                {
                    this.damaged.Add(new(file, e.Message));
                }
            }
        }

        // Of a run that was done again, what is left of the first time does not matter.
        this.damaged.RemoveAll(d => System.IO.Path.GetDirectoryName(d.Path) == this.artifacts && this.records.ContainsKey(System.IO.Path.GetFileNameWithoutExtension(d.Path)));
    }

    private void Keep(RunRecord record, string file, bool withArtifacts)
    {
        if (this.records.ContainsKey(record.Key))
            return;
        if (this.ForeignProblem(record) is { } problem)
            this.foreign.Add(new(file, problem));
        else if (withArtifacts && this.ArtifactProblem(record) is { } lost)
            this.damaged.Add(new(this.ArtifactPath(record.Key), lost));
        else
            this.records[record.Key] = record;
    }

    /// <summary>Someone copied it here: its numbers are of another grid, other data or another version.</summary>
    private string? ForeignProblem(RunRecord record) =>
        record.Manifest is null || record.Manifest == this.fingerprint ? null
        : record.Study != this.Manifest.Study ? $"it is a run of the study {record.Study}; move it to the folder of that study"
        : record.Version.Split('+')[0] != this.Manifest.Version ? $"version {record.Version.Split('+')[0]} wrote it, and this folder is of version {this.Manifest.Version}; move it to another folder"
        : "it is a run of another grid or of other data than this folder's; move it to another folder";

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
