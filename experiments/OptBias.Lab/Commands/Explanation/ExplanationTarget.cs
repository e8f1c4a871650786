using OptBias.Kernels;
using TorchSharp;

namespace OptBias.Lab.Commands.Explanation;

/// <summary>The parameters that an explanation is about.</summary>
/// <param name="DType">Their type.</param>
/// <param name="Device">Where they are.</param>
internal sealed record ExplanationTarget(torch.ScalarType DType, DeviceType Device)
{
    /// <summary>Bytes of an element of a parameter or gradient.</summary>
    public int ParameterSize => this.DType switch
    {
        torch.ScalarType.Float64 => 8,
        torch.ScalarType.Float32 => 4,
        _ => 2,
    };

    /// <summary>Bytes of a number of the arithmetic and of the state.</summary>
    public int ArithmeticSize => this.DType == torch.ScalarType.Float64 ? 8 : 4;

    /// <summary>float32 on cpu.</summary>
    public override string ToString() => $"{this.DType.ToString().ToLowerInvariant()} on {this.Device.ToString().ToLowerInvariant()}";

    /// <summary>The path that such parameters take, and why.</summary>
    public string Path => FusedPath.Obstacle(this.Device, this.DType) is { } obstacle
        ? $"TorchSharp operations, since it {obstacle}"
        : "fused kernels, where parameter and gradient are contiguous; a gradient that is not is copied once, a parameter that is not takes TorchSharp operations";
}
