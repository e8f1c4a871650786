using OptBias.GpuCheck.Devices;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace OptBias.GpuCheck.Benchmark;

/// <summary>Parameters to step on.</summary>
internal static class MeasuredParameters
{
    /// <summary>Makes random float32 parameters with gradients.</summary>
    /// <param name="target">Where.</param>
    /// <param name="shapes">Their shapes.</param>
    /// <param name="owned">Receives what is to be disposed.</param>
    public static List<Parameter> Make(Target target, IEnumerable<long[]> shapes, Stack<IDisposable> owned)
    {
        var parameters = new List<Parameter>();
        foreach (var shape in shapes)
        {
            using var scope = NewDisposeScope();
            var parameter = (Parameter)new Parameter(Random(target, shape, 0.1)).DetachFromDisposeScope();
            owned.Push(parameter);
            parameter.grad = Random(target, shape, 0.01);
            parameters.Add(parameter);
        }

        return parameters;
    }

    private static Tensor Random(Target target, long[] shape, double scale)
    {
        using var factor = scale.ToScalar();
        return randn(shape, dtype: ScalarType.Float32, device: target.Device).mul_(factor);
    }
}
