using OptBias.Kernels;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace OptBias.Routes;

/// <summary>
/// Reads numbers of tensors. A read from a device waits for all that the device was asked for before, so a step gathers what it wants
/// to know of all parameters in <see cref="Checks"/> and reads once.
/// </summary>
internal static unsafe class Numbers
{
    [ThreadStatic]
    private static long reads;

    /// <summary>Reads from devices by this thread so far; tests see that they do not grow with the parameters.</summary>
    public static long Reads => reads;

    /// <summary>The number in a tensor of one element.</summary>
    public static double Read(Tensor number)
    {
        reads += RouteOf.Of(number) == Route.Device ? 1 : 0;
        using var wide = number.to(ScalarType.Float64);
        return wide.item<double>();
    }

    /// <summary>The number in a tensor of one element, where nobody waits for it; null for one that is on a device.</summary>
    public static double? ReadNow(Tensor number) => RouteOf.Of(number) == Route.Device ? null : Read(number);

    /// <summary>The numbers in tensors of one dimension or none, one tensor's after the other's: one read for each device that they are on.</summary>
    public static double[] Read(IReadOnlyList<Tensor> tensors)
    {
        var values = new double[tensors.Sum(static tensor => tensor.NumberOfElements)];
        using var scope = NewDisposeScope();
        var place = 0;
        var entries = new List<(Tensor Tensor, int Place)>(tensors.Count);
        foreach (var tensor in tensors)
        {
            entries.Add((tensor, place));
            place += (int)tensor.NumberOfElements;
        }

        foreach (var device in entries.GroupBy(static entry => (entry.Tensor.device_type, entry.Tensor.device_index)))
        {
            reads += RouteOf.Of(device.First().Tensor) == Route.Device ? 1 : 0;
            var here = cat([.. device.Select(static entry => entry.Tensor.reshape(-1).to(ScalarType.Float64))]).cpu().data<double>().ToArray();
            var read = 0;
            foreach (var (tensor, start) in device)
            {
                var length = (int)tensor.NumberOfElements;
                Array.Copy(here, read, values, start, length);
                read += length;
            }
        }

        return values;
    }

    /// <summary>Whether all entries are finite, by their sum.</summary>
    public static bool AreFinite(Tensor tensor)
    {
        using var sum = tensor.sum(ScalarType.Float64);
        return double.IsFinite(Read(sum));
    }

    /// <summary>The sum of the squares of all entries, computed in a type: not finite if an entry is not, or if the sum overflows.</summary>
    public static double SumOfSquares(Tensor tensor, ScalarType dtype = ScalarType.Float64)
    {
        if (RouteOf.Of(tensor) == Route.Simd && (dtype == ScalarType.Float64 || dtype == tensor.dtype))
        {
            var (data, elements) = (TorchNative.Data(tensor.Handle), tensor.NumberOfElements);
            return tensor.dtype == ScalarType.Float64 ? SumOfSquares((double*)data, elements)
                : dtype == ScalarType.Float64 ? SumOfSquares((float*)data, elements)
                : Narrow((float*)data, elements);
        }

        using var squares = TensorOfSquares(tensor, dtype);
        return Read(squares);
    }

    /// <summary>The same where the tensor is. It belongs to the caller.</summary>
    public static Tensor TensorOfSquares(Tensor tensor, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return tensor.to(dtype).Squared().sum().MoveToOuterDisposeScope();
    }

    /// <summary>The trace of a contiguous float64 matrix on the CPU.</summary>
    public static double Trace(Tensor square)
    {
        var data = (double*)TorchNative.Data(square.Handle);
        var (n, trace) = (square.size(0), 0.0);
        for (var i = 0L; i < n; i++)
            trace += data[i * (n + 1)];
        return trace;
    }

    /// <summary>The norm of a contiguous tensor on the CPU, float32 or float64; safe from overflow and underflow of squares.</summary>
    public static double Norm(Tensor tensor)
    {
        const long Chunk = 1 << 24;
        var (data, elements) = (TorchNative.Data(tensor.Handle), tensor.NumberOfElements);
        var norm = 0.0;
        for (var start = 0L; start < elements; start += Chunk)
        {
            var count = (int)Math.Min(Chunk, elements - start);
            norm = double.Hypot(norm, tensor.dtype == ScalarType.Float64
                ? Norm(new ReadOnlySpan<double>((double*)data + start, count))
                : Norm(new ReadOnlySpan<float>((float*)data + start, count)));
        }

        return norm;
    }

    private static double Norm<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var squares = double.CreateTruncating(TensorPrimitives.SumOfSquares(values));
        if (squares > 1e-25 && double.IsFinite(squares))
            return Math.Sqrt(squares);
        squares = 0;
        foreach (var value in values)
            squares += double.CreateTruncating(value) * double.CreateTruncating(value);
        return Math.Sqrt(squares);
    }

    private static float Narrow(float* data, long elements)
    {
        const int Chunk = 1 << 28;
        var sum = 0f;
        for (var start = 0L; start < elements; start += Chunk)
            sum += TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(data + start, (int)Math.Min(Chunk, elements - start)));
        return sum;
    }

    private static double SumOfSquares<T>(T* data, long elements)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        const int Chunk = 1 << 14;
        var sum = 0.0;
        for (var start = 0L; start < elements; start += Chunk)
        {
            var span = new ReadOnlySpan<T>(data + start, (int)Math.Min(Chunk, elements - start));
            var squares = double.CreateTruncating(TensorPrimitives.SumOfSquares(span));
            if (!double.IsFinite(squares))
            {
                // The squares of large float32 numbers fit into float64.
                squares = 0;
                foreach (var value in span)
                    squares += double.CreateTruncating(value) * double.CreateTruncating(value);
            }

            sum += squares;
        }

        return sum;
    }
}
