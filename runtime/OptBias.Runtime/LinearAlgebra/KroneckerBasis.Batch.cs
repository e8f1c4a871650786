using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>What <see cref="StackedBases"/> asks of each basis.</summary>
public sealed partial class KroneckerBasis
{
    /// <summary>The bases of the dimensions that are rotated; null for the others.</summary>
    internal IReadOnlyList<Tensor?> Bases => this.bases;

    /// <summary>The factors of the dimensions that are rotated; null for the others.</summary>
    internal IReadOnlyList<Tensor?> Factors => this.factors;

    /// <summary>How the basis is refreshed.</summary>
    internal BasisRefresh Refresh => this.settings.Refresh;

    /// <summary>Rows and columns of the matrix that the parameter is.</summary>
    internal (long Rows, long Columns) Size => (this.lengths[0], this.elements / this.lengths[0]);

    /// <summary>Refreshes bases that could not be refreshed together with others', after the factors were accumulated.</summary>
    internal void RefreshAlone(ReadOnlySpan<Tensor> secondMoments)
    {
        if (this.TryRefresh(secondMoments) is { } failure)
            this.KeepOld(failure);
    }

    /// <summary>Takes over new bases, and brings statistics that are kept in them into their order.</summary>
    internal void TakeOver(Tensor?[] next, Tensor?[] orders, ReadOnlySpan<Tensor> secondMoments)
    {
        this.TakeOver(next);
        this.failures = 0;
        foreach (var moment in secondMoments)
            this.Permute(moment, orders);
    }

    /// <summary>Whether products are stacked with others': a matrix on a device, decomposed by libtorch.</summary>
    private bool IsStacked(Tensor tensor) =>
        this.lengths.Length == 2 && DeviceReads.Waits(tensor) && ReferenceEquals(this.Eigensolver, InverseRoot.LinalgEigh);
}
