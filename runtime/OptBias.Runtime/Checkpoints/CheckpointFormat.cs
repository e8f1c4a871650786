using System.Globalization;
using System.Text.Json;

namespace OptBias;

/// <summary>
/// The file that <see cref="DeclaredOptimizer.Save"/> writes: safetensors with one tensor for each piece of state,
/// <c>state.INDEX.NAME</c>, and everything else as JSON in the metadata.
/// </summary>
internal static class CheckpointFormat
{
    /// <summary>What the metadata's <c>format</c> says.</summary>
    public const string Format = "optbias.checkpoint";

    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Version = 1;

    private const string FormatKey = "format";
    private const string VersionKey = "version";
    private const string OptimizerKey = "optimizer";
    private const string FingerprintKey = "fingerprint";
    private const string GroupsKey = "groups";
    private const string ParametersKey = "parameters";

    /// <summary>Whether a file says that it is one of these.</summary>
    public static bool Is(SafeTensorsFile file) => file.Metadata.TryGetValue(FormatKey, out var format) && format == Format;

    /// <summary>Lays out a file, checksum and all.</summary>
    public static SafeTensorsFile Write(SavedOptimizer saved)
    {
        var tensors = saved.Parameters
            .SelectMany((parameter, i) => parameter.Tensors.Select(tensor => tensor.Value.ToSafeTensor(TensorName(i, tensor.Key))))
            .ToList();
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [FormatKey] = Format,
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [OptimizerKey] = saved.Optimizer!,
            [FingerprintKey] = saved.Fingerprint!,
            [GroupsKey] = JsonSerializer.Serialize(saved.Groups.Select(GroupRecord.Of), CheckpointJson.Default.IEnumerableGroupRecord),
            [ParametersKey] = JsonSerializer.Serialize(saved.Parameters.Select(ParameterRecord.Of), CheckpointJson.Default.IEnumerableParameterRecord),
        };
        metadata[CheckpointChecksum.Key] = CheckpointChecksum.Of(tensors, metadata);
        return new SafeTensorsFile(tensors, metadata);
    }

    /// <summary>Reads a file and checks that it is whole.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not a checkpoint; the message begins with <paramref name="source"/>.</exception>
    public static SavedOptimizer Read(SafeTensorsFile file, string source)
    {
        try
        {
            return Read(file);
        }
        catch (Exception exception) when (exception is MalformedSafeTensorsException or JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException($"{source}: {exception.Message}", exception);
        }
    }

    private static SavedOptimizer Read(SafeTensorsFile file)
    {
        if (!Is(file))
            throw new MalformedSafeTensorsException($"this is not a checkpoint: its metadata has no '{FormatKey}': '{Format}'.");
        var version = Text(file, VersionKey);
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > Version)
            throw new MalformedSafeTensorsException($"the checkpoint has format version '{version}'; this program reads 1 to {Version}.");
        var (stated, found) = (Text(file, CheckpointChecksum.Key), CheckpointChecksum.Of(file, file.Metadata));
        if (stated != found)
            throw new MalformedSafeTensorsException($"the checkpoint is damaged: its checksum is {found}, and it says {stated}.");

        var groups = JsonSerializer.Deserialize(Text(file, GroupsKey), CheckpointJson.Default.ListGroupRecord);
        var parameters = JsonSerializer.Deserialize(Text(file, ParametersKey), CheckpointJson.Default.ListParameterRecord);
        if (groups is null || parameters is null || groups.Contains(null!) || parameters.Contains(null!))
            throw new MalformedSafeTensorsException("groups or parameters are null.");
        var saved = new SavedOptimizer(
            Text(file, OptimizerKey),
            Text(file, FingerprintKey),
            [.. groups.Select(static group => group.ToSaved())],
            [.. parameters.Select((parameter, i) => parameter.ToSaved(i, name => file.TryGet(TensorName(i, name), out var tensor) ? new FileTensor(tensor) : null))]);
        var claimed = saved.Parameters.Sum(static parameter => parameter.Tensors.Count);
        return claimed == file.Count
            ? saved
            : throw new MalformedSafeTensorsException($"the file has {file.Count} tensors, and its parameters claim {claimed}.");
    }

    private static string TensorName(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"state.{index}.{name}");

    private static string Text(SafeTensorsFile file, string key) => file.Metadata.TryGetValue(key, out var text)
        ? text
        : throw new MalformedSafeTensorsException($"the metadata has no '{key}'.");
}
