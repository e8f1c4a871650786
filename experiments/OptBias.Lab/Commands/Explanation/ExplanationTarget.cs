using OptBias.Kernels;
using OptBias.Routes;
using TorchSharp;

namespace OptBias.Lab.Commands.Explanation;

/// <summary>The parameters that an explanation is about.</summary>
/// <param name="DType">Their type.</param>
/// <param name="Device">Where they are.</param>
internal sealed record ExplanationTarget(torch.ScalarType DType, DeviceType Device)
{
    /// <summary>float32 on cpu.</summary>
    public override string ToString() => $"{this.DType.ToString().ToLowerInvariant()} on {this.Device.ToString().ToLowerInvariant()}";

    /// <summary>The path that such parameters take under a rule, and why.</summary>
    public string PathOf(UpdatePlan plan) => RouteOf.Obstacle(this.Device, this.DType, plan.Storage) is { } obstacle
        ? $"TorchSharp operations, since it {obstacle}"
        : "fused kernels, where parameter and gradient are contiguous; a gradient that is not is copied once, a parameter that is not takes TorchSharp operations";
}
