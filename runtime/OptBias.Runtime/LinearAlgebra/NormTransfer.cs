using System.Numerics;
using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace OptBias.LinearAlgebra;

/// <summary>Gives each block of an update the length of another update's block: <c>u_b ← u_b · ‖d_b‖ / (‖u_b‖ + 1e-30)</c>.</summary>
internal static unsafe class NormTransfer
{
    private const double Tiny = 1e-30;

    public static void Apply(BlockPartition partition, Tensor direction, Tensor length)
    {
        if (direction.NumberOfElements != partition.Elements || length.NumberOfElements != partition.Elements)
            throw new ArgumentException($"Norms are transferred between tensors of {partition.Elements} elements, got [{string.Join(", ", direction.shape)}] and [{string.Join(", ", length.shape)}].");
        using var noGradient = AutogradOff.Enter();
        if (!direction.is_contiguous())
        {
            using var copy = direction.contiguous();
            Apply(partition, copy, length);
            direction.copy_(copy);
            return;
        }

        var route = RouteOf.Of(length, direction, direction.dtype);
        foreach (var block in partition.Blocks)
        {
            if (route != Route.Simd)
                TransferByTorch(partition, block, direction, length);
            else if (direction.dtype == ScalarType.Float32)
                Transfer(partition, block, (float*)TorchNative.Data(direction.Handle), (float*)TorchNative.Data(length.Handle));
            else
                Transfer(partition, block, (double*)TorchNative.Data(direction.Handle), (double*)TorchNative.Data(length.Handle));
        }
    }

    private static void TransferByTorch(BlockPartition partition, BlockPartition.Block block, Tensor direction, Tensor length)
    {
        using var scope = NewDisposeScope();
        var u = Part(direction);
        var wide = u.to(ScalarType.Float64);
        u.copy_(wide * (Part(length).to(ScalarType.Float64).norm() / wide.norm().Plus_(Tiny)));

        Tensor Part(Tensor tensor)
        {
            var part = tensor.reshape([.. partition.Dimensions]);
            for (var k = 0; k < block.Offsets.Count; k++)
                part = part.narrow(k, block.Offsets[k], block.Lengths[k]);
            return part;
        }
    }

    private static void Transfer<T>(BlockPartition partition, BlockPartition.Block block, T* direction, T* length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (target, own) = (Norm(partition, block, length), Norm(partition, block, direction) + Tiny);
        var ratio = target / own;
        if (ratio is > 1e-30 and < 1e30 || ratio == 0 || double.IsNaN(ratio))
        {
            Scale(partition, block, direction, T.CreateSaturating(ratio));
        }
        else
        {
            // A ratio that float32 does not hold: in two steps, by way of unit length.
            Scale(partition, block, direction, T.CreateSaturating(1 / own));
            Scale(partition, block, direction, T.CreateSaturating(target));
        }
    }

    private static void Scale<T>(BlockPartition partition, BlockPartition.Block block, T* direction, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rows = new Rows(partition, block);
        while (rows.Next(out var offset))
        {
            var row = new Span<T>(direction + offset, rows.Length);
            TensorPrimitives.Multiply(row, scale, row);
        }
    }

    private static double Norm<T>(BlockPartition partition, BlockPartition.Block block, T* data)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var squares = 0.0;
        var rows = new Rows(partition, block);
        while (rows.Next(out var offset))
            squares += double.CreateChecked(TensorPrimitives.SumOfSquares(new ReadOnlySpan<T>(data + offset, rows.Length)));

        // Squares of float32 overflow and underflow early: only then is it worth going through float64 (and NaN stays NaN).
        if (squares > 1e-25 && double.IsFinite(squares))
            return Math.Sqrt(squares);
        squares = 0;
        rows = new Rows(partition, block);
        while (rows.Next(out var offset))
        {
            foreach (var value in new ReadOnlySpan<T>(data + offset, rows.Length))
                squares += double.CreateChecked(value) * double.CreateChecked(value);
        }

        return Math.Sqrt(squares);
    }

    /// <summary>The contiguous pieces of a block: rows along the last dimension, or the block as a whole where it has no gaps.</summary>
    private ref struct Rows
    {
        private readonly BlockPartition partition;
        private readonly BlockPartition.Block block;
        private readonly long count;
        private long index;

        public Rows(BlockPartition partition, BlockPartition.Block block)
        {
            this.partition = partition;
            this.block = block;
            var whole = partition.Blocks.Count == 1 && block.Elements <= int.MaxValue;
            this.Length = (int)(whole ? block.Elements : block.Lengths[^1]);
            this.count = this.Length == 0 ? 0 : block.Elements / this.Length;
        }

        public int Length { get; }

        public bool Next(out long offset)
        {
            offset = 0;
            if (this.index >= this.count)
                return false;
            if (this.count > 1 || this.partition.Blocks.Count > 1)
            {
                var (rest, stride) = (this.index, this.partition.Dimensions[^1]);
                offset = this.block.Offsets[^1];
                for (var k = this.block.Lengths.Count - 2; k >= 0; k--)
                {
                    offset += (this.block.Offsets[k] + (rest % this.block.Lengths[k])) * stride;
                    rest /= this.block.Lengths[k];
                    stride *= this.partition.Dimensions[k];
                }
            }

            this.index++;
            return true;
        }
    }
}
