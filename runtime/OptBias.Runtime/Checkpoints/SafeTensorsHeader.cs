using System.Buffers;
using System.Text.Json;

namespace OptBias;

/// <summary>The JSON header of a safetensors file: what lies where in the data that follows it.</summary>
internal sealed class SafeTensorsHeader
{
    private SafeTensorsHeader(long length, List<Entry> tensors, Dictionary<string, string> metadata)
    {
        this.Length = length;
        this.Tensors = tensors;
        this.Metadata = metadata;
    }

    /// <summary>Bytes of the header itself.</summary>
    public long Length { get; }

    /// <summary>The tensors in the order in which the header lists them.</summary>
    public IReadOnlyList<Entry> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="header">The JSON text in UTF-8.</param>
    /// <param name="dataLength">Bytes that follow the header.</param>
    /// <exception cref="MalformedSafeTensorsException">The header is malformed or does not fit the data.</exception>
    public static SafeTensorsHeader Parse(byte[] header, long dataLength)
    {
        using var document = ParseJson(header);
        try
        {
            return Parse(document.RootElement, header.Length, dataLength);
        }
        catch (InvalidOperationException exception)
        {
            // System.Text.Json decodes text only when it is asked for: an escape of half a surrogate pair shows here.
            throw new MalformedSafeTensorsException($"the header has text that is not Unicode: {exception.Message}", exception);
        }
    }

    private static SafeTensorsHeader Parse(JsonElement root, long headerLength, long dataLength)
    {
        var tensors = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (root.ValueKind != JsonValueKind.Object)
            throw new MalformedSafeTensorsException($"the header is JSON, but {Kind(root)} where an object is expected.");
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw new MalformedSafeTensorsException($"the header lists '{property.Name}' twice.");
            if (property.Name == SafeTensorsFile.MetadataKey)
                ReadMetadata(property.Value, metadata);
            else
                tensors.Add(ReadEntry(property.Name, property.Value));
        }

        CheckLayout(tensors, dataLength);
        return new SafeTensorsHeader(headerLength, tensors, metadata);
    }

    /// <summary>Writes a header for tensors that lie one after the other, padded with spaces so that the data is aligned to 8 bytes.</summary>
    public static byte[] Format(IEnumerable<SafeTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata.Count > 0)
            {
                writer.WriteStartObject(SafeTensorsFile.MetadataKey);
                foreach (var (key, value) in metadata)
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            var offset = 0L;
            foreach (var tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", tensor.Type.ToString());
                writer.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += tensor.Bytes.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        var header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static JsonDocument ParseJson(byte[] header)
    {
        try
        {
            return JsonDocument.Parse(header);
        }
        catch (JsonException exception)
        {
            throw new MalformedSafeTensorsException($"the header is not JSON: {exception.Message}", exception);
        }
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new MalformedSafeTensorsException($"{SafeTensorsFile.MetadataKey} is {Kind(element)} where an object is expected.");
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new MalformedSafeTensorsException($"{SafeTensorsFile.MetadataKey}, '{property.Name}': {Kind(property.Value)} where text is expected.");
            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
                throw new MalformedSafeTensorsException($"{SafeTensorsFile.MetadataKey} lists '{property.Name}' twice.");
        }
    }

    private static Entry ReadEntry(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new MalformedSafeTensorsException($"tensor '{name}' is {Kind(element)} where an object is expected.");
        var dtype = Member(name, element, "dtype", JsonValueKind.String).GetString()!;
        if (!Enum.GetNames<SafeTensorType>().Contains(dtype, StringComparer.Ordinal))
            throw new MalformedSafeTensorsException($"tensor '{name}' has the unknown dtype '{dtype}'. Known: {string.Join(", ", Enum.GetNames<SafeTensorType>())}.");
        var type = Enum.Parse<SafeTensorType>(dtype);
        var shape = Numbers(name, element, "shape");
        if (Numbers(name, element, "data_offsets") is not [var begin, var end])
            throw new MalformedSafeTensorsException($"tensor '{name}': data_offsets are two numbers, the begin and the end.");
        if (end < begin)
            throw new MalformedSafeTensorsException($"tensor '{name}': data_offsets [{begin}, {end}] end before they begin.");
        if (SafeTensor.ByteLength(type, shape) is var expected && expected != end - begin)
        {
            var size = expected < 0 ? "more bytes than a 64-bit number counts" : $"{expected} bytes";
            throw new MalformedSafeTensorsException($"tensor '{name}': {type} of shape [{string.Join(", ", shape)}] takes {size}, but data_offsets [{begin}, {end}] span {end - begin}.");
        }

        return new Entry(name, type, shape, begin, end);
    }

    private static JsonElement Member(string tensor, JsonElement element, string name, JsonValueKind kind)
    {
        if (element.EnumerateObject().Count(property => property.NameEquals(name)) is var count && count != 1)
            throw new MalformedSafeTensorsException(count == 0 ? $"tensor '{tensor}' has no {name}." : $"tensor '{tensor}' has {name} twice.");
        var member = element.GetProperty(name);
        return member.ValueKind == kind
            ? member
            : throw new MalformedSafeTensorsException($"tensor '{tensor}': {name} is {Kind(member)}.");
    }

    private static long[] Numbers(string tensor, JsonElement element, string name) =>
    [
        .. Member(tensor, element, name, JsonValueKind.Array).EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var value) && value >= 0
                ? value
                : throw new MalformedSafeTensorsException($"tensor '{tensor}': {name} holds {item.GetRawText()}; allowed are whole numbers from 0.")),
    ];

    /// <summary>Every byte of the data belongs to exactly one tensor: the format allows neither overlaps nor holes.</summary>
    private static void CheckLayout(IEnumerable<Entry> tensors, long dataLength)
    {
        var (previous, position) = ("the header", 0L);
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.End > dataLength)
                throw new MalformedSafeTensorsException($"tensor '{tensor.Name}' has data_offsets [{tensor.Begin}, {tensor.End}], but only {dataLength} bytes of data follow the header; the file is truncated or its offsets are wrong.");
            if (tensor.Begin < position)
                throw new MalformedSafeTensorsException($"tensor '{tensor.Name}' begins at {tensor.Begin}, where the data of {previous} has not ended ({position}): they overlap.");
            if (tensor.Begin > position)
                throw new MalformedSafeTensorsException($"{tensor.Begin - position} bytes between {previous} and tensor '{tensor.Name}' belong to no tensor.");
            (previous, position) = ($"tensor '{tensor.Name}'", tensor.End);
        }

        if (position < dataLength)
            throw new MalformedSafeTensorsException($"{dataLength - position} bytes after the end of {previous} belong to no tensor.");
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    /// <summary>One tensor: where its data begins and ends, relative to the start of the data.</summary>
    public readonly record struct Entry(string Name, SafeTensorType Type, long[] Shape, long Begin, long End);
}
