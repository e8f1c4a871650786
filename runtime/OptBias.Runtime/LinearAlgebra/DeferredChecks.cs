using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Says what numbers mean that were read off a device; throws where they mean that the step cannot be.</summary>
internal delegate void Judge(ReadOnlySpan<double> numbers);

/// <summary>Checks whose numbers are still on a device: collected over the parameters, read together, judged one by one.</summary>
internal sealed class DeferredChecks
{
    private readonly List<(Judge Judge, int Numbers)> checks = [];
    private readonly List<Tensor> numbers = [];

    /// <summary>Adds a check.</summary>
    /// <param name="judge">Told the numbers, one tensor's after the other's.</param>
    /// <param name="tensors">What is to be read, of one dimension or none; owned from here on.</param>
    public void Add(Judge judge, params ReadOnlySpan<Tensor> tensors)
    {
        var count = 0L;
        foreach (var tensor in tensors)
        {
            this.numbers.Add(tensor.DetachFromDisposeScope());
            count += tensor.NumberOfElements;
        }

        this.checks.Add((judge, checked((int)count)));
    }

    /// <summary>Reads all numbers and has them judged, in the order in which they were added.</summary>
    public void Complete()
    {
        if (this.checks.Count == 0)
            return;
        try
        {
            var values = DeviceReads.Numbers(this.numbers).AsSpan();
            foreach (var (judge, count) in this.checks)
            {
                judge(values[..count]);
                values = values[count..];
            }
        }
        finally
        {
            this.Clear();
        }
    }

    /// <summary>Forgets what was collected.</summary>
    public void Clear()
    {
        foreach (var tensor in this.numbers)
            tensor.Dispose();
        this.numbers.Clear();
        this.checks.Clear();
    }
}
