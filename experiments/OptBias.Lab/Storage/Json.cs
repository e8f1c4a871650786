using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OptBias.Lab.Storage;

/// <summary>How the laboratory writes JSON: readable, numbers exact, NaN by name.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T? Read<T>(string path)
        where T : class
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > RecordFile.LargestFile)
            throw new JsonException($"it has {stream.Length} bytes, more than the {RecordFile.LargestFile} that are read.");
        return JsonSerializer.Deserialize<T>(stream, Options);
    }
}
