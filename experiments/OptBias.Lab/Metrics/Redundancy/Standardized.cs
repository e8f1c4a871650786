using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Units with mean 0 and length 1 over the examples, the constant ones left out.</summary>
internal static class Standardized
{
    /// <summary>Whatever varies by less than this fraction of its size is constant up to rounding.</summary>
    private const double Rounding = 1e-10;

    /// <summary>[n, live units]; the product of two columns is their correlation.</summary>
    public static Tensor Of(Tensor x)
    {
        var centred = x - x.mean([0], keepdim: true);
        var varies = centred.abs().amax([0]).gt(x.abs().amax([0]).Times(Rounding));
        var live = centred[TensorIndex.Colon, TensorIndex.Tensor(varies)];
        live = live / live.abs().amax([0], keepdim: true).AtLeast(double.Epsilon);
        return live / live.Squared().sum([0], keepdim: true).sqrt();
    }
}
