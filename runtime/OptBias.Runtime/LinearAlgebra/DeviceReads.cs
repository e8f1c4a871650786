using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Where matrix stages read numbers off a device. Each read waits for all that the device was asked for before, so that a step
/// gathers what it wants to know of all parameters and reads once.
/// </summary>
internal static class DeviceReads
{
    /// <summary>Reads of this thread so far; tests see that they do not grow with the parameters.</summary>
    [ThreadStatic]
    private static long count;

    /// <summary>Treats the memory of the CPU as a device's, on this thread: tests take the route of a GPU without one.</summary>
    [ThreadStatic]
    private static bool everywhere;

    /// <inheritdoc cref="count"/>
    public static long Count => count;

    /// <inheritdoc cref="everywhere"/>
    public static bool Everywhere
    {
        get => everywhere;
        set => everywhere = value;
    }

    /// <summary>Whether reading a number of a tensor waits for a device.</summary>
    public static bool Waits(Tensor tensor) => everywhere || tensor.device_type != DeviceType.CPU;

    /// <summary>The number in a tensor of one element.</summary>
    public static double Number(Tensor number)
    {
        count += Waits(number) ? 1 : 0;
        using var wide = number.to(ScalarType.Float64);
        return wide.item<double>();
    }

    /// <summary>The numbers in tensors of one element: one read for each device that they are on.</summary>
    public static double[] Numbers(IReadOnlyList<Tensor> numbers)
    {
        var values = new double[numbers.Count];
        using var scope = NewDisposeScope();
        foreach (var device in numbers.Select(static (number, i) => (Number: number, I: i)).GroupBy(static n => (n.Number.device_type, n.Number.device_index)))
        {
            var entries = device.ToList();
            count += Waits(entries[0].Number) ? 1 : 0;
            var here = stack([.. entries.Select(static entry => entry.Number.reshape(1).to(ScalarType.Float64))]).cpu().data<double>();
            for (var i = 0; i < entries.Count; i++)
                values[entries[i].I] = here[i];
        }

        return values;
    }
}
