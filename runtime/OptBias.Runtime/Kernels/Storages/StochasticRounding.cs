using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// What <see cref="StochasticBFloat16Storage"/> does, as TorchSharp operations: the same random bits, but arithmetic in the place of
/// sums of bits, which TorchSharp cannot reach. Both give the same numbers.
/// </summary>
internal static class StochasticRounding
{
    /// <summary>2⁻¹²⁵: numbers below half of it are subnormal in float32 and bfloat16, whose spacing does not shrink further.</summary>
    private const double LastPower = 2.0 / (1UL << 63) / (1UL << 63);

    /// <summary>Rounds to bfloat16.</summary>
    /// <param name="value">float32, as kernels compute.</param>
    /// <param name="key">The tensor's key in this step.</param>
    /// <returns>Rounded numbers in the shape of <paramref name="value"/>, which the caller disposes of.</returns>
    public static Tensor Round(Tensor value, uint key)
    {
        using var scope = NewDisposeScope();
        using var zero = 0.0.ToScalar();
        using var one = 1.0.ToScalar();
        using var smallest = LastPower.ToScalar();
        using var lastPlace = (1.0 / 256).ToScalar();
        using var lastBit = (1.0 / 65536).ToScalar();

        // x = m 2ᵉ with 1/2 ≤ |m| < 1, so x / m is 2ᵉ exactly, and bfloat16's spacing there is 2ᵉ⁻⁸.
        var x = value.to_type(ScalarType.Float64);
        var (mantissa, _) = x.frexp();
        var spacing = x.div(mantissa.masked_fill(mantissa.eq(zero), one)).clamp_min(smallest).mul(lastPlace);
        var chance = RandomBits.Of(key, value.NumberOfElements, value.device).view(value.shape).to_type(ScalarType.Float64).mul(lastBit);
        var rounded = x.abs().div(spacing).Plus(chance).floor().mul(spacing).copysign(x);
        return where(x.isfinite(), rounded, x).to_type(ScalarType.BFloat16).MoveToOuterDisposeScope();
    }
}
