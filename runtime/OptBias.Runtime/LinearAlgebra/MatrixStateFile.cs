using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>How the matrix states read and write their tensors, each with its name in front, so that a file of another shape is recognised.</summary>
internal static class MatrixStateFile
{
    public static void Write(BinaryWriter writer, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        writer.Write(tensors.Count);
        foreach (var (name, value) in tensors)
        {
            writer.Write(name);
            value.Save(writer);
        }
    }

    /// <summary>Reads into tensors that exist; all are read before the first is overwritten.</summary>
    /// <exception cref="InvalidDataException">Names, shapes or dtypes differ.</exception>
    public static void ReadInto(BinaryReader reader, IReadOnlyList<(string Name, Tensor Value)> tensors, string owner)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = reader.ReadInt32();
        if (count != tensors.Count)
            throw new InvalidDataException($"{owner}: the saved state has {count} tensors, this one {tensors.Count} ({Names(tensors)}). It was saved for another shape or with other settings.");
        var read = new Tensor[count];
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            var (expected, value) = tensors[i];
            if (name != expected)
                throw new InvalidDataException($"{owner}: the saved state has '{name}' where this one has '{expected}'. It was saved for another shape or with other settings.");
            read[i] = TensorExtensionMethods.Load(reader);
            if (!read[i].shape.AsSpan().SequenceEqual(value.shape) || read[i].dtype != value.dtype)
                throw new InvalidDataException($"{owner}: the saved '{name}' is {read[i].dtype} [{string.Join(", ", read[i].shape)}], this one is {value.dtype} [{string.Join(", ", value.shape)}].");
        }

        for (var i = 0; i < count; i++)
            tensors[i].Value.copy_(read[i]);
    }

    /// <summary>Copies values between states of the same structure.</summary>
    /// <exception cref="ArgumentException">The structure differs.</exception>
    public static void Copy(IReadOnlyList<(string Name, Tensor Value)> from, IReadOnlyList<(string Name, Tensor Value)> to, string owner)
    {
        using var noGradient = no_grad();
        if (from.Count != to.Count || from.Zip(to).Any(static pair => pair.First.Name != pair.Second.Name || !pair.First.Value.shape.AsSpan().SequenceEqual(pair.Second.Value.shape)))
            throw new ArgumentException($"{owner}: the other state has ({Names(from)}), this one ({Names(to)}). States are copied between the same shape and settings.");
        foreach (var (source, target) in from.Zip(to))
            target.Value.copy_(source.Value);
    }

    public static bool AllClose(IReadOnlyList<(string Name, Tensor Value)> left, IReadOnlyList<(string Name, Tensor Value)> right)
    {
        using var scope = NewDisposeScope();
        return left.Count == right.Count && left.Zip(right).All(static pair =>
            pair.First.Name == pair.Second.Name
            && pair.First.Value.dtype == pair.Second.Value.dtype
            && pair.First.Value.shape.AsSpan().SequenceEqual(pair.Second.Value.shape)
            && pair.First.Value.allclose(pair.Second.Value.to(pair.First.Value.device)));
    }

    private static string Names(IReadOnlyList<(string Name, Tensor Value)> tensors) => string.Join(", ", tensors.Select(static tensor => tensor.Name));
}
