using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Serialization;

namespace OptBias.Lab.Storage;

/// <summary>
/// Many finished runs in one Parquet file, <c>packs/*.parquet</c>: a parallel file system opens a hundred files sooner than a hundred
/// thousand. Numbers are kept by their bits.
/// </summary>
/// <remarks>
/// A pack is written once and never changed. Each row has a checksum of what is read at once, and one of the points of its curves, which
/// are read when somebody asks for them.
/// </remarks>
internal static class PackFile
{
    /// <summary>Runs of a pack, at most. A thousand runs have some megabytes.</summary>
    public const int Largest = 4096;

    private static readonly JsonSerializerOptions Compact = new(Json.Options) { WriteIndented = false };

    /// <summary>Packs runs.</summary>
    public static byte[] Write(IEnumerable<RunRecord> records)
    {
        var rows = records.Select(record =>
        {
            var head = JsonSerializer.Serialize(record with { Settings = Empty<string>.Dictionary, Metrics = Empty<double>.Dictionary, Curves = [] }, Compact);
            var settings = JsonSerializer.Serialize(record.Settings, Compact);
            var layout = JsonSerializer.Serialize(new PackLayout([.. record.Metrics.Keys], [.. record.Curves.Select(c => new PackedCurve(c.Name, c.Series, c.X.Count))]), Compact);
            var metrics = Bytes([.. record.Metrics.Values]);
            var points = Bytes([.. record.Curves.SelectMany(c => c.X.Concat(c.Y))]);
            return new PackRow
            {
                Key = record.Key,
                Phase = record.Phase,
                Method = record.Method,
                Seed = record.Seed,
                Head = head,
                Settings = settings,
                Layout = layout,
                Metrics = metrics,
                Points = points,
                Check = Check(record.Key, head, settings, layout, metrics),
                PointsCheck = Checksum(points),
            };
        }).ToArray();
        using var content = new MemoryStream();
        ParquetSerializer.SerializeAsync(rows, content, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }).GetAwaiter().GetResult();
        return content.ToArray();
    }

    /// <summary>Reads a pack.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shared">What runs have in common, over all packs.</param>
    /// <param name="damaged">Told what is wrong with a row.</param>
    /// <exception cref="DamagedFileException">It is no pack.</exception>
    public static IReadOnlyList<RunRecord> Read(string path, PackCache shared, Action<string> damaged)
    {
        var rows = Rows<PackIndexRow>(path);
        var points = new PackPoints(path);
        var records = new List<RunRecord>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            try
            {
                records.Add(Record(rows[i], i, points, shared));
            }
            catch (DamagedFileException e)
            {
                damaged(e.Message);
            }
        }

        return records;
    }

    /// <summary>The points of all curves of a pack, a run's after another's.</summary>
    internal static IReadOnlyList<double[]> ReadPoints(string path) =>
        [.. Rows<PackPointsRow>(path).Select((row, i) => Checksum(row.Points) == row.PointsCheck ? MemoryMarshal.Cast<byte, double>(row.Points).ToArray()
            : throw new StorageException($"{path}: the curves of run {i + 1} are not what was written. Move the file away; the same optbias run or optbias sweep does its runs again."))];

    private static RunRecord Record(PackIndexRow row, int index, PackPoints points, PackCache shared)
    {
        if (row.Check != Check(row.Key, row.Head, row.Settings, row.Layout, row.Metrics))
            throw new DamagedFileException($"the checksum of run {row.Key} does not fit: it was changed after it was written");
        try
        {
            var head = JsonSerializer.Deserialize<RunRecord>(row.Head, Compact)!;
            var layout = shared.Layout(row.Layout, text => JsonSerializer.Deserialize<PackLayout>(text, Compact)!);
            return head with
            {
                Phase = shared.Text(head.Phase)!,
                Method = shared.Text(head.Method)!,
                Version = shared.Text(head.Version)!,
                Machine = shared.Text(head.Machine),
                Study = shared.Text(head.Study),
                Manifest = shared.Text(head.Manifest),
                Settings = shared.Settings(row.Settings, text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, Compact)!),
                Metrics = new NamedNumbers(layout.Index, MemoryMarshal.Cast<byte, double>(row.Metrics).ToArray()),
                Curves = new PackedCurves(layout, points, index),
            };
        }
        catch (JsonException e)
        {
            throw new DamagedFileException($"run {row.Key} is no record of a run: {e.Message.Split('\n')[0]}", e);
        }
    }

    private static IList<T> Rows<T>(string path)
        where T : class, new()
    {
        try
        {
            using var stream = File.OpenRead(path);
            return ParquetSerializer.DeserializeAsync<T>(stream).GetAwaiter().GetResult().Data;
        }
        // What a broken file makes of the reader is not only its own exception.
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException or FileNotFoundException))
        {
            throw new DamagedFileException($"it is no pack of runs: {e.Message.Split('\n')[0]}", e);
        }
    }

    private static byte[] Bytes(double[] numbers) => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();

    private static string Check(string key, string head, string settings, string layout, byte[] metrics) =>
        Checksum([.. Encoding.UTF8.GetBytes($"{key}\n{head}\n{settings}\n{layout}\n"), .. metrics]);

    private static string Checksum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    private static class Empty<T>
    {
        public static readonly Dictionary<string, T> Dictionary = [];
    }
}

/// <summary>A row of a pack.</summary>
internal sealed class PackRow
{
    public string Key { get; set; } = "";

    public string Phase { get; set; } = "";

    public string Method { get; set; } = "";

    public int Seed { get; set; }

    public string Head { get; set; } = "";

    public string Settings { get; set; } = "";

    public string Layout { get; set; } = "";

    public byte[] Metrics { get; set; } = [];

    public byte[] Points { get; set; } = [];

    public string Check { get; set; } = "";

    public string PointsCheck { get; set; } = "";
}

/// <summary>The columns that are read at once.</summary>
internal sealed class PackIndexRow
{
    public string Key { get; set; } = "";

    public string Head { get; set; } = "";

    public string Settings { get; set; } = "";

    public string Layout { get; set; } = "";

    public byte[] Metrics { get; set; } = [];

    public string Check { get; set; } = "";
}

/// <summary>The columns that are read when curves are asked for.</summary>
internal sealed class PackPointsRow
{
    public byte[] Points { get; set; } = [];

    public string PointsCheck { get; set; } = "";
}

/// <summary>What runs have in common, kept once: a study of 100,000 runs has a hundred settings and three layouts.</summary>
internal sealed class PackCache
{
    private readonly ConcurrentDictionary<string, PackLayout> layouts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> settings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> texts = new(StringComparer.Ordinal);

    public PackLayout Layout(string text, Func<string, PackLayout> parse) => this.layouts.GetOrAdd(text, parse);

    public IReadOnlyDictionary<string, string> Settings(string text, Func<string, IReadOnlyDictionary<string, string>> parse) => this.settings.GetOrAdd(text, parse);

    public string? Text(string? text) => text is null ? null : this.texts.GetOrAdd(text, text);
}
