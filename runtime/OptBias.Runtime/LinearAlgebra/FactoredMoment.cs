using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// The second moment of a gradient by its rows and columns, <c>v = R Cᵀ / mean(R)</c>: Adafactor's statistic (Shazeer and Stern
/// 2018, arXiv 1804.04235, algorithm 1). Rows and columns are the last two dimensions, a matrix for each index of those before
/// them. A vector is one row, and then C is v itself.
/// </summary>
public sealed class FactoredMoment : IMatrixState
{
    private readonly string owner;
    private Tensor rows;
    private Tensor columns;

    /// <summary>Zeros for a parameter.</summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="dtype">The type of the averages: float32 or float64.</param>
    /// <param name="device">Where they live.</param>
    /// <param name="name">What messages call the parameter.</param>
    public FactoredMoment(ReadOnlySpan<long> shape, ScalarType dtype, Device device, string name)
    {
        this.owner = $"second moment by rows and columns of {name}";
        this.rows = zeros(TensorExtents.ShapeOf(shape, TensorExtent.Row), dtype: dtype, device: device).DetachFromDisposeScope();
        this.columns = zeros(TensorExtents.ShapeOf(shape, TensorExtent.Column), dtype: dtype, device: device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Tensors => [("rows", this.rows), ("columns", this.columns)];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long Value)> Counters => [];

    /// <summary><c>R ← keep R + take (mean over columns of g² + ε)</c>, and the same for C with the mean over rows.</summary>
    /// <param name="gradient">The gradient, shaped as the parameter.</param>
    /// <param name="keep">Weight of the past, β₂ of an average and 1 of a sum.</param>
    /// <param name="take">Weight of the gradient, 1 − β₂ of an average and 1 of a sum.</param>
    /// <param name="epsilon">Added to g².</param>
    public void Update(Tensor gradient, double keep, double take, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var scope = NewDisposeScope();
        Gather(this.rows, gradient, gradient.dim() >= 1 ? 1 : 0, keep, take, epsilon);
        Gather(this.columns, gradient, gradient.dim() >= 2 ? 2 : 0, keep, take, epsilon);
    }

    /// <summary>Writes <c>R / mean(R)</c>, the mean over the rows of each matrix.</summary>
    public void CopyRowFactor(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var scope = NewDisposeScope();
        var mean = this.rows.dim() >= 2 ? this.rows.mean([-2], keepdim: true) : this.rows;

        // Where no gradient has come yet, R is zero, and so is its share.
        output.copy_(this.rows / mean.AtLeast(finfo(this.rows.dtype).tiny));
    }

    /// <summary>Writes <c>C</c>.</summary>
    public void CopyColumnFactor(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.copy_(this.columns);
    }

    /// <inheritdoc/>
    public void SetCounters(ReadOnlySpan<long> values)
    {
        if (values.Length > 0)
            throw new ArgumentException($"{this.owner} has no counters; {values.Length} were given.", nameof(values));
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer) => MatrixStateFile.Write(writer, this);

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => MatrixStateFile.ReadInto(reader, this, this.owner);

    /// <inheritdoc/>
    public void CopyFrom(IMatrixState other) => MatrixStateFile.Copy(other, this, this.owner);

    /// <inheritdoc/>
    public void To(Device device)
    {
        this.rows = this.rows.to(device, disposeAfter: true).DetachFromDisposeScope();
        this.columns = this.columns.to(device, disposeAfter: true).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public bool ApproximatelyEquals(IMatrixState other) => MatrixStateFile.ApproximatelyEqual(this, other);

    /// <inheritdoc/>
    public void Dispose()
    {
        this.rows.Dispose();
        this.columns.Dispose();
    }

    /// <summary>A mean of squares as the square of a norm, which needs no tensor of squares.</summary>
    /// <param name="average">The average.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="fromEnd">The dimension over which the mean goes, 1 for the last; 0 for none.</param>
    /// <param name="keep">Weight of the past.</param>
    /// <param name="take">Weight of the gradient.</param>
    /// <param name="epsilon">Added to g².</param>
    private static void Gather(Tensor average, Tensor gradient, int fromEnd, double keep, double take, double epsilon)
    {
        var square = fromEnd == 0
            ? gradient.Squared()
            : gradient.norm(-fromEnd, keepdim: true).Squared().Times_(1.0 / Math.Max(1, gradient.shape[^fromEnd]));
        average.Times_(keep).Plus_(square.Plus_(epsilon), take);
    }
}
