using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Works;

/// <summary>A list of parameters to step on.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Shapes">The parameters' shapes.</param>
public sealed record Work(string Name, IReadOnlyList<long[]> Shapes)
{
    /// <summary>Elements of all parameters.</summary>
    public long Elements => this.Shapes.Sum(shape => shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>The three works: one that no cache holds, one that a cache holds, one that is all calls.</summary>
    public static IReadOnlyList<Work> All { get; } =
    [
        new("1 tensor of 16.8M", [[4096, 4096]]),
        new("MLP 784-1024-1024-10", [[1024, 784], [1024], [1024, 1024], [1024], [10, 1024], [10]]),
        new("300 tensors of 1,000", Enumerable.Repeat(new long[] { 1000 }, 300).ToList()),
    ];

    /// <summary>Parameters with gradients, of float32.</summary>
    /// <param name="device">Where.</param>
    public List<Parameter> Make(Device device) => this.Shapes.Select(shape =>
    {
        var parameter = new Parameter(randn(shape, device: device).mul_(0.1));
        parameter.grad = randn(shape, device: device).mul_(0.01);
        return (Parameter)parameter.DetachFromDisposeScope();
    }).ToList();
}
