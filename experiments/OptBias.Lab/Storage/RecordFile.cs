using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OptBias.Lab.Storage;

/// <summary>A run as a file: JSON whose last member is the checksum of all bytes before it.</summary>
/// <remarks>
/// The checksum is over the bytes as they lie in the file, so that no change of it goes unnoticed: a digit of a metric, a name, a space.
/// It protects against disks and hands, not against somebody who computes it anew.
/// </remarks>
public static class RecordFile
{
    /// <summary>The largest file that is read, in bytes. A record of this laboratory has about 30,000.</summary>
    public const int LargestFile = 64 << 20;

    private static readonly byte[] Mark = ",\n  \"checksum\": \""u8.ToArray();

    /// <summary>The file of a run.</summary>
    public static byte[] Write(RunRecord record)
    {
        var body = Json.Write(record).AsSpan()[..^"\n}".Length];
        return [.. body, .. Mark, .. Encoding.ASCII.GetBytes(Checksum(body)), .. "\"\n}"u8];
    }

    /// <summary>Reads the file of a run.</summary>
    /// <param name="path">The file; its name without the extension is the run's key.</param>
    /// <exception cref="DamagedFileException">The content is not what was written; the message says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunRecord Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > LargestFile)
            throw new DamagedFileException($"it has {stream.Length} bytes, more than the {LargestFile} that a run may have");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var record = Parse(content);
        return record.Key == Path.GetFileNameWithoutExtension(path) ? record
            : throw new DamagedFileException($"it holds the run {record.Key}");
    }

    /// <summary>The run that a file holds.</summary>
    /// <param name="content">The file.</param>
    /// <exception cref="DamagedFileException">The content is not what was written; the message says what is wrong.</exception>
    public static RunRecord Parse(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            throw new DamagedFileException("it is empty");
        var at = content.LastIndexOf(Mark);
        if (at < 0)
            throw new DamagedFileException("it has no checksum: it is cut off, or no record of a run");
        if (!content[(at + Mark.Length)..].SequenceEqual(Encoding.ASCII.GetBytes(Checksum(content[..at]) + "\"\n}")))
            throw new DamagedFileException("its checksum does not fit: it was changed after it was written");
        try
        {
            var record = JsonSerializer.Deserialize<RunRecord>(content, Json.Options) ?? throw new JsonException("it is null");
            return Missing(record) is { } missing ? throw new DamagedFileException(missing) : record;
        }
        catch (JsonException e)
        {
            throw new DamagedFileException($"it is no record of a run: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>"sha256:" and the hash of some bytes.</summary>
    public static string Checksum(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>What the types allow and a run never has.</summary>
    private static string? Missing(RunRecord record)
    {
        if (record.Settings.FirstOrDefault(s => s.Value is null) is { Key: { } setting })
            return $"its setting '{setting}' is null";
        for (var i = 0; i < record.Curves.Count; i++)
        {
            if (record.Curves[i] is not { } curve)
                return $"its curve {i + 1} is null";
            if (curve.X.Count != curve.Y.Count)
                return $"its curve '{curve.Name}' has {curve.X.Count} positions and {curve.Y.Count} values";
        }

        return null;
    }
}

/// <summary>A file does not hold what was written into it.</summary>
/// <param name="problem">What is wrong with it, as a sentence that continues "PATH: ".</param>
/// <param name="inner">What the reader said.</param>
public sealed class DamagedFileException(string problem, Exception? inner = null) : Exception(problem, inner);

/// <summary>A file of an output folder that does not hold what was written into it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Problem">What is wrong with it, as a sentence that continues "PATH: ".</param>
public sealed record DamagedFile(string Path, string Problem)
{
    /// <summary>At most this many are named one by one.</summary>
    private const int Named = 5;

    /// <summary>A line for each of the first few, and one for the rest.</summary>
    /// <param name="files">The damaged files.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<DamagedFile> files)
    {
        foreach (var file in files.Take(Named))
            yield return $"{file.Path}: {file.Problem}.";
        if (files.Count > Named)
            yield return $"... and {files.Count - Named} more.";
    }
}
