using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>How the matrix states read and write their tensors, each with its name in front, so that a file of another shape is recognised.</summary>
internal static class MatrixStateFile
{
    public static void Write(BinaryWriter writer, IMatrixState state)
    {
        var counters = state.Counters;
        writer.Write(counters.Count);
        foreach (var (_, value) in counters)
            writer.Write(value);

        var tensors = state.Tensors;
        writer.Write(tensors.Count);
        foreach (var (name, value) in tensors)
        {
            writer.Write(name);
            value.Save(writer);
        }
    }

    /// <summary>Reads into a state that exists; all is read and checked before anything is overwritten.</summary>
    /// <exception cref="InvalidDataException">Names, shapes or dtypes differ.</exception>
    public static void ReadInto(BinaryReader reader, IMatrixState state, string owner)
    {
        using var noGradient = AutogradOff.Enter();
        using var scope = NewDisposeScope();
        var counters = new long[reader.ReadInt32()];
        for (var i = 0; i < counters.Length; i++)
            counters[i] = reader.ReadInt64();

        var tensors = state.Tensors;
        var count = reader.ReadInt32();
        if (count != tensors.Count || counters.Length != state.Counters.Count)
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
        state.SetCounters(counters);
    }

    /// <summary>Copies values between states of the same structure.</summary>
    /// <exception cref="ArgumentException">The structure differs.</exception>
    public static void Copy(IMatrixState source, IMatrixState target, string owner)
    {
        using var noGradient = AutogradOff.Enter();
        var from = source.Tensors;
        var to = target.Tensors;
        if (from.Count != to.Count
            || source.Counters.Count != target.Counters.Count
            || from.Zip(to).Any(static pair => pair.First.Name != pair.Second.Name || !pair.First.Value.shape.AsSpan().SequenceEqual(pair.Second.Value.shape)))
            throw new ArgumentException($"{owner}: the other state has ({Names(from)}), this one ({Names(to)}). States are copied between the same shape and settings.");
        foreach (var (left, right) in from.Zip(to))
            right.Value.copy_(left.Value);
        target.SetCounters([.. source.Counters.Select(static counter => counter.Value)]);
    }

    public static bool ApproximatelyEqual(IMatrixState left, IMatrixState right)
    {
        using var scope = NewDisposeScope();
        var (first, second) = (left.Tensors, right.Tensors);
        return left.Counters.SequenceEqual(right.Counters)
            && first.Count == second.Count
            && first.Zip(second).All(static pair =>
                pair.First.Name == pair.Second.Name
                && pair.First.Value.dtype == pair.Second.Value.dtype
                && pair.First.Value.shape.AsSpan().SequenceEqual(pair.Second.Value.shape)
                && pair.First.Value.allclose(pair.Second.Value.to(pair.First.Value.device)));
    }

    private static string Names(IReadOnlyList<(string Name, Tensor Value)> tensors) => string.Join(", ", tensors.Select(static tensor => tensor.Name));
}
