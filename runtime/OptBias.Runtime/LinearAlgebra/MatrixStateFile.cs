using System.Globalization;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>How the matrix states read and write their tensors, each with its name in front, so that a file of another shape is recognised.</summary>
internal static class MatrixStateFile
{
    /// <summary>The key of the metadata under which counters stand, by name.</summary>
    private const string CountersKey = "counters";

    public static void Write(BinaryWriter writer, IMatrixState state) => StatePiece.Write(writer, new SafeTensorsFile(
        state.Tensors.Select(static tensor => SafeTensor.Of(tensor.Name, tensor.Value)),
        [new(CountersKey, string.Join(' ', state.Counters.Select(static counter => string.Create(CultureInfo.InvariantCulture, $"{counter.Name}={counter.Value}"))))]));

    /// <summary>Reads into a state that exists; all is read and checked before anything is overwritten.</summary>
    /// <exception cref="InvalidDataException">The data is damaged; names, shapes or dtypes differ, or a counter is out of its range.</exception>
    public static void ReadInto(BinaryReader reader, IMatrixState state, string owner)
    {
        using var noGradient = AutogradOff.Enter();
        var file = StatePiece.ReadFile(reader, owner);
        var tensors = state.Tensors;
        if (file.Count != tensors.Count || !tensors.All(tensor => file.TryGet(tensor.Name, out _)))
            throw new InvalidDataException($"{owner}: the saved state has ({string.Join(", ", file.Select(static tensor => tensor.Name))}), this one ({Names(tensors)}). It was saved for another shape or with other settings.");
        foreach (var (name, value) in tensors)
        {
            var read = file[name];
            if (!read.Shape.SequenceEqual(value.shape) || read.Type != value.dtype.ToSafeTensorType())
                throw new InvalidDataException($"{owner}: the saved '{name}' is {read.Type.ToScalarType()} {read.ShapeText}, this one is {value.dtype} [{string.Join(", ", value.shape)}].");
        }

        var counters = CountersOf(file, state, owner);
        foreach (var (name, value) in tensors)
            new FileTensor(file[name]).CopyTo(value);
        state.SetCounters(counters);
    }

    private static long[] CountersOf(SafeTensorsFile file, IMatrixState state, string owner)
    {
        var expected = state.Counters;
        var saved = file.Metadata.GetValueOrDefault(CountersKey, "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static counter => counter.Split('=')).ToList();
        var values = new long[expected.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var name = expected[i].Name;
            if (saved.Count != values.Length || saved.Find(counter => counter[0] == name) is not [_, var text] || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out values[i]))
                throw new InvalidDataException($"{owner}: the saved state has the counters '{file.Metadata.GetValueOrDefault(CountersKey, "")}', this one {string.Join(", ", expected.Select(static counter => counter.Name))}.");
        }

        return (state as IChecksCounters)?.WhatIsWrong(values, long.MaxValue) is { } wrong
            ? throw new InvalidDataException($"{owner}: {wrong}.")
            : values;
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
