using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>What matrices must have in common to be stacked.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Sides">Which sides a matrix is multiplied from: 1 the left, 2 the right, 3 both.</param>
/// <param name="DType">Type.</param>
/// <param name="DeviceType">Kind of device.</param>
/// <param name="DeviceIndex">Its number.</param>
internal readonly record struct StackKind(long Rows, long Columns, int Sides, ScalarType DType, DeviceType DeviceType, int DeviceIndex)
{
    /// <summary>Bytes of float64 from which on a further stack is begun.</summary>
    public const long LargestStack = 256L << 20;

    /// <summary>How many such matrices a stack takes.</summary>
    public int Most => MostOf(this.Rows, this.Columns);

    /// <summary>How many matrices of a size a stack takes.</summary>
    public static int MostOf(long rows, long columns) => (int)Math.Clamp(LargestStack / Math.Max(1, rows * columns * sizeof(double)), 1, int.MaxValue);

    /// <summary>A block, a vector as one column, that lies in a tensor.</summary>
    public static StackKind Of(KroneckerBlock block, Tensor tensor) =>
        new(block.Lengths[0], block.Elements / Math.Max(1, block.Lengths[0]), block.Lengths.Count == 1 ? 1 : 3, tensor.dtype, tensor.device_type, tensor.device_index);

    /// <summary>A matrix that is rotated.</summary>
    public static StackKind Of(KroneckerBasis basis, Tensor tensor) =>
        new(basis.Size.Rows, basis.Size.Columns, (basis.Bases[0] is null ? 0 : 1) + (basis.Bases[1] is null ? 0 : 2), tensor.dtype, tensor.device_type, tensor.device_index);
}
