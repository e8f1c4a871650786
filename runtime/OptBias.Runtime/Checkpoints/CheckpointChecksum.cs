using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OptBias;

/// <summary>SHA-256 over all that a checkpoint says: a flipped bit anywhere in data or metadata shows.</summary>
internal static class CheckpointChecksum
{
    /// <summary>The key of the metadata under which it stands.</summary>
    public const string Key = "checksum";

    private const string Prefix = "sha256:";

    public static string Of(IEnumerable<SafeTensor> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in metadata.Where(static pair => pair.Key != Key).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, Encoding.UTF8.GetBytes(key));
            Add(hash, Encoding.UTF8.GetBytes(value));
        }

        foreach (var tensor in tensors.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal))
        {
            Add(hash, Encoding.UTF8.GetBytes($"{tensor.Name} {tensor.Type} {tensor.ShapeText}"));
            Add(hash, tensor.Bytes);
        }

        return Prefix + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Adds a part with its length in front, so that what moves from one part to the next shows too.</summary>
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
