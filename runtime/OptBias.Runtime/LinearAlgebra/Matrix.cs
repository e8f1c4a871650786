using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>A row-major matrix inside a contiguous tensor: a place and a shape, nothing is allocated for it.</summary>
/// <param name="Tensor">The contiguous tensor it lies in; float32 or float64.</param>
/// <param name="Offset">Element of the tensor at which it starts.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Stride">Elements from one row to the next.</param>
internal readonly record struct Matrix(Tensor Tensor, long Offset, long Rows, long Columns, long Stride)
{
    /// <summary>A whole tensor as a matrix of the given number of rows.</summary>
    public static Matrix Of(Tensor tensor, long rows, long columns) => new(tensor, 0, rows, columns, columns);

    /// <summary>The same memory read with another number of rows. Only for a matrix without gaps between rows.</summary>
    public Matrix Reshape(long rows, long columns) => new(this.Tensor, this.Offset, rows, columns, columns);

    /// <summary>The first element's address, where tensors' memory can be reached.</summary>
    public nint Data => TorchNative.Data(this.Tensor.Handle) + (nint)(this.Offset * this.Tensor.ElementSize);

    /// <summary>A TorchSharp view of it; the caller disposes it.</summary>
    public Tensor View() => this.Tensor.as_strided([this.Rows, this.Columns], [this.Stride, 1], this.Tensor.storage_offset() + this.Offset);
}
