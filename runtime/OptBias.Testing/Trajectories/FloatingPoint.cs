namespace OptBias.Testing;

/// <summary>Floating-point tensors of any width as float64.</summary>
internal static class FloatingPoint
{
    /// <summary>The elements, each exactly.</summary>
    public static double[] Values(SafeTensor tensor)
    {
        var values = new double[tensor.Elements];
        switch (tensor.Type)
        {
            case SafeTensorType.F64:
                tensor.As<double>().CopyTo(values);
                break;
            case SafeTensorType.F32:
                Convert(tensor.As<float>(), values, static x => x);
                break;
            case SafeTensorType.F16:
                Convert(tensor.As<Half>(), values, static x => (double)x);
                break;
            case SafeTensorType.BF16:
                Convert(tensor.As<ushort>(), values, static x => BitConverter.Int32BitsToSingle(x << 16));
                break;
            default:
                throw new ArgumentException($"Tensor '{tensor.Name}' of {tensor.Type} has no floating-point values.", nameof(tensor));
        }

        return values;
    }

    /// <summary>The first index at which the condition holds, or −1.</summary>
    public static int FirstIndexWhere(this double[] values, Predicate<double> condition) => Array.FindIndex(values, condition);

    private static void Convert<T>(ReadOnlySpan<T> from, Span<double> to, Func<T, double> convert)
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = convert(from[i]);
    }
}
