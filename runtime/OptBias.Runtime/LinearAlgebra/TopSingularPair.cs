using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// The top singular pair <c>u₁ v₁ᵀ</c> of a matrix that changes slowly, by power iterations from the vector of the step before:
/// steepest descent in the nuclear norm.
/// </summary>
/// <remarks>
/// A tensor of order 3 or more is the matrix [first dimension, all others], a vector one row. The first vector is exact, from an
/// eigendecomposition of the smaller Gram matrix in float64, so that it turns with the matrix. A vector that the matrix sends to
/// zero is replaced by the longest row. Source: Pethick et al. 2025 (arXiv 2502.07529).
/// </remarks>
public sealed class TopSingularPair : IMatrixState
{
    private readonly string owner;
    private readonly long rows;
    private readonly long columns;
    private Tensor right;
    private bool ready;

    /// <summary>No vector yet.</summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="dtype">The type of the vector: float32 or float64.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="name">What messages call the parameter.</param>
    public TopSingularPair(ReadOnlySpan<long> shape, ScalarType dtype, Device device, string name)
    {
        this.owner = $"top singular pair of {name}";
        (this.rows, this.columns) = NewtonSchulz.RowsAndColumns(shape);
        this.right = zeros([this.columns], dtype: dtype, device: device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Tensors => [("right", this.right)];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long Value)> Counters => [("ready", this.ready ? 1 : 0)];

    /// <summary>Writes <c>u₁ v₁ᵀ</c>. A matrix of zeros gives zeros.</summary>
    /// <param name="input">The matrix, in the parameter's shape.</param>
    /// <param name="output">Where the result goes; may be <paramref name="input"/>.</param>
    /// <param name="steps">Power iterations, at least 1.</param>
    public void Apply(Tensor input, Tensor output, int steps)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (input.NumberOfElements == 0)
            return;
        using var noGradient = AutogradOff.Enter();
        using var scope = NewDisposeScope();
        using var oneThread = OneBlasThread.Enter();

        // Entries of at most 1: squares of large ones are infinite, and of small ones zero.
        var matrix = input.to(this.right.dtype).reshape(this.rows, this.columns);
        var largest = matrix.abs().max();
        matrix /= where(largest.IsPositive(), largest, ones_like(largest));
        if (!this.ready && !this.Begin(matrix, Numbers.Read(largest)))
        {
            output.copy_(matrix.reshape(input.shape));
            return;
        }

        var vector = this.right;
        for (var step = 0; step < steps; step++)
        {
            var next = matrix.t().mv(matrix.mv(vector));
            var length = next.norm();
            vector = where(length.IsPositive(), next / length, LongestRow(matrix));
        }

        var left = matrix.mv(vector);
        var value = left.norm();
        output.copy_((left / where(value.IsPositive(), value, ones_like(value))).outer(vector).reshape(input.shape));
        this.right.copy_(where(vector.norm().IsPositive(), vector, this.right));
    }

    /// <inheritdoc/>
    public void SetCounters(ReadOnlySpan<long> values)
    {
        if (values.Length != 1)
            throw new ArgumentException($"{this.owner}: expected 1 counter, got {values.Length}.", nameof(values));
        this.ready = values[0] != 0;
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer) => MatrixStateFile.Write(writer, this);

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => MatrixStateFile.ReadInto(reader, this, this.owner);

    /// <inheritdoc/>
    public void CopyFrom(IMatrixState other) => MatrixStateFile.Copy(other, this, this.owner);

    /// <inheritdoc/>
    public void To(Device device) => this.right = this.right.to(device, disposeAfter: true).DetachFromDisposeScope();

    /// <inheritdoc/>
    public bool ApproximatelyEquals(IMatrixState other) => other is TopSingularPair && MatrixStateFile.ApproximatelyEqual(this, other);

    /// <inheritdoc/>
    public void Dispose() => this.right.Dispose();

    /// <summary>The first vector; false where the matrix has none: it is zero, or not finite.</summary>
    private bool Begin(Tensor matrix, double largest)
    {
        if (largest == 0 || !double.IsFinite(largest))
            return false;
        var wide = matrix.to(ScalarType.Float64);
        var isWide = this.rows < this.columns;
        var (_, vectors) = linalg.eigh(isWide ? wide.matmul(wide.t()) : wide.t().matmul(wide));
        var top = vectors.select(1, vectors.shape[1] - 1);
        if (isWide)
            top = wide.t().mv(top);
        this.right.copy_(top / top.norm());
        this.ready = true;
        return true;
    }

    /// <summary>The longest row over its length; zero where all are.</summary>
    private static Tensor LongestRow(Tensor matrix)
    {
        var lengths = matrix.norm(1);
        var place = lengths.argmax().reshape(1);
        var length = lengths.gather(0, place);
        return (matrix.index_select(0, place) / where(length.IsPositive(), length, ones_like(length))).reshape(-1);
    }
}
