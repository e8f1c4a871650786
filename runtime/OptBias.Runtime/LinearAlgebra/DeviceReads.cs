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

    /// <summary>The numbers in tensors of one dimension or none, one tensor's after the other's: one read for each device that they are on.</summary>
    public static double[] Numbers(IReadOnlyList<Tensor> tensors)
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
            count += Waits(device.First().Tensor) ? 1 : 0;
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
}
