using OptBias.GpuCheck.Devices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.GpuCheck.Parity;

/// <summary>The same parameters twice on one device, and seeded gradients that both are given: whatever differs in the end, the two optimizers did.</summary>
internal sealed class TwinProblem : IDisposable
{
    private readonly Target target;
    private readonly ScalarType dtype;
    private readonly ulong seed;
    private readonly List<Tensor> start;

    /// <summary>Makes the parameters.</summary>
    /// <param name="target">Where.</param>
    /// <param name="dtype">Their type.</param>
    /// <param name="seed">Of their values.</param>
    /// <param name="shapes">Their shapes. The address of the last is no multiple of 16.</param>
    public TwinProblem(Target target, ScalarType dtype, ulong seed, IReadOnlyList<long[]> shapes)
    {
        (this.target, this.dtype, this.seed) = (target, dtype, seed);
        manual_seed((long)seed);
        var values = shapes.Select(shape => this.Random(shape, 0.5)).ToList();
        this.First = [.. values.Select((value, i) => this.Place(value, shifted: i == shapes.Count - 1))];
        this.Second = [.. values.Select((value, i) => this.Place(value, shifted: i == shapes.Count - 1))];
        this.start = values;
    }

    /// <summary>The parameters of one optimizer.</summary>
    public IReadOnlyList<Parameter> First { get; }

    /// <summary>The parameters of the other.</summary>
    public IReadOnlyList<Parameter> Second { get; }

    /// <summary>All elements of one side.</summary>
    public long Elements => this.First.Sum(p => p.NumberOfElements);

    /// <summary>Sets the gradients of a step, the same tensors on both sides.</summary>
    public void SetGradients(int step)
    {
        // The device's own generator: TorchSharp makes none for a GPU.
        manual_seed((long)((this.seed * 1_000_003) + (ulong)step));
        for (var i = 0; i < this.First.Count; i++)
        {
            using var gradient = this.Random(this.First[i].shape, 1);
            this.First[i].grad = gradient;
            this.Second[i].grad = gradient;
        }
    }

    /// <summary>Largest <c>|a − b| / (|b| + 0.01)</c>, infinite where one side is not a number, and how many elements lie above a bound.</summary>
    public (double Largest, long Above) Distance(double bound)
    {
        var (largest, above) = (0.0, 0L);
        using var small = 0.01.ToScalar();
        using var one = 1.ToScalar();
        using var limit = bound.ToScalar();
        using var infinity = double.PositiveInfinity.ToScalar();
        for (var i = 0; i < this.First.Count; i++)
        {
            if (this.First[i].NumberOfElements == 0)
                continue;
            using var scope = NewDisposeScope();
            var a = this.First[i].detach().to_type(ScalarType.Float64);
            var b = this.Second[i].detach().to_type(ScalarType.Float64);
            var error = a.sub(b).abs_().div_(b.abs().add_(small, one));
            error = where(isfinite(error), error, full_like(error, infinity));
            using var most = Read(error.max());
            using var count = Read(error.gt(limit).sum());
            largest = Math.Max(largest, most.ToDouble());
            above += count.ToInt64();
        }

        return (largest, above);
    }

    /// <summary>Whether all parameters of one of the sides are what they were at the start.</summary>
    public bool IsUnchanged()
    {
        using var scope = NewDisposeScope();
        return IsUnchanged(this.First) || IsUnchanged(this.Second);

        bool IsUnchanged(IReadOnlyList<Parameter> parameters) =>
            parameters.Zip(this.start).All(static pair => pair.First.detach().equal(pair.Second).all().cpu().item<bool>());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in this.First.Concat(this.Second).Concat(this.start))
            tensor.Dispose();
    }

    private static Scalar Read(Tensor number)
    {
        using var here = number.cpu();
        return here.ToScalar();
    }

    private Tensor Random(long[] shape, double scale)
    {
        using var scope = NewDisposeScope();
        using var factor = scale.ToScalar();
        return randn(shape, dtype: ScalarType.Float32, device: this.target.Device).mul_(factor).to_type(this.dtype).DetachFromDisposeScope();
    }

    private Parameter Place(Tensor value, bool shifted)
    {
        using var scope = NewDisposeScope();
        var room = empty(value.NumberOfElements + (shifted ? 1 : 0), this.dtype, this.target.Device);
        var own = room.narrow(0, shifted ? 1 : 0, value.NumberOfElements).view(value.shape);
        own.copy_(value);
        return (Parameter)new Parameter(own).DetachFromDisposeScope();
    }
}
