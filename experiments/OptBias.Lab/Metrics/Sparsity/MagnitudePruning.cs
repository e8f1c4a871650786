using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>One-shot pruning of a tensor to its entries of largest magnitude.</summary>
/// <remarks>Source: Han et al., "Learning both weights and connections", NeurIPS 2015; per layer and without retraining as in Schwarz et al., "Powerpropagation", NeurIPS 2021.</remarks>
public static class MagnitudePruning
{
    /// <summary>A mask of the tensor's shape and dtype: 1 for the round(keep · n) entries of largest magnitude (at least one), 0 for the others.</summary>
    /// <param name="weight">The tensor; its mask is the caller's to dispose.</param>
    /// <param name="keep">Fraction to keep, in (0, 1].</param>
    public static Tensor Mask(Tensor weight, double keep)
    {
        if (keep is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The fraction to keep lies in (0, 1].");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Clamp((long)Math.Round(keep * weight.numel()), 1, weight.numel());
        var (_, indices) = weight.detach().flatten().abs().topk((int)count);
        var mask = zeros(weight.numel(), dtype: weight.dtype, device: weight.device);
        mask.Fill(0, indices, 1);
        return mask.reshape(weight.shape).MoveToOuterDisposeScope();
    }
}
