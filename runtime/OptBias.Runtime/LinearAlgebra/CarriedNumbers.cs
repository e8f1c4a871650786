using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Numbers that a step of one parameter hands to the next, <c>ref double</c> in a <c>[PerStep]</c> method: float64, zero at first, on the CPU wherever the parameter is.</summary>
public sealed class CarriedNumbers : IMatrixState
{
    private readonly string owner;
    private readonly string[] names;
    private readonly Tensor[] values;

    /// <summary>Zeros.</summary>
    /// <param name="name">What messages call the parameter.</param>
    /// <param name="numbers">Names of the numbers.</param>
    public CarriedNumbers(string name, params string[] numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        this.owner = $"numbers carried from step to step of {name}";
        this.names = numbers;
        this.values = Array.ConvertAll(numbers, static _ => zeros([], dtype: ScalarType.Float64, device: CPU).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Tensors => [.. this.names.Zip(this.values)];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long Value)> Counters => [];

    /// <summary>Copies the numbers out.</summary>
    internal unsafe void Read(Span<double> numbers)
    {
        for (var k = 0; k < this.values.Length; k++)
            numbers[k] = *(double*)TorchNative.Data(this.values[k].Handle);
    }

    /// <summary>Takes over numbers.</summary>
    internal unsafe void Write(ReadOnlySpan<double> numbers)
    {
        for (var k = 0; k < this.values.Length; k++)
            *(double*)TorchNative.Data(this.values[k].Handle) = numbers[k];
    }

    /// <inheritdoc/>
    public void SetCounters(ReadOnlySpan<long> values)
    {
        if (values.Length > 0)
            throw new ArgumentException($"{this.owner} have no counters; {values.Length} were given.", nameof(values));
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer) => MatrixStateFile.Write(writer, this);

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => MatrixStateFile.ReadInto(reader, this, this.owner);

    /// <inheritdoc/>
    public void CopyFrom(IMatrixState other) => MatrixStateFile.Copy(other, this, this.owner);

    /// <summary>Nothing: the host computes with them.</summary>
    public void To(Device device)
    {
    }

    /// <inheritdoc/>
    public bool ApproximatelyEquals(IMatrixState other) => MatrixStateFile.ApproximatelyEqual(this, other);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in this.values)
            value.Dispose();
    }
}
