using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptBias.Benchmarks.Measurement;
using OptBias.Kernels;
using Lanes = OptBias.Kernels.Float32Lanes<OptBias.Kernels.Float32Storage, OptBias.Kernels.Float32Storage, OptBias.Kernels.Float32Storage, OptBias.Kernels.ExactPowers>;

namespace OptBias.Benchmarks.Baselines;

/// <summary>What one core computes where no memory is touched: float32 in registers, by the widest vectors that are faster than narrower ones.</summary>
public static class PeakArithmetic
{
    private const int Steps = 1_000_000;
    private const int Chains = 12;

    /// <summary>Operations a second of products and sums apart, as update rules have them; fused multiply-adds would count double.</summary>
    public static double OperationsPerSecond()
    {
        var seconds = new double[15];
        for (var k = 0; k < seconds.Length; k++)
        {
            var start = Stopwatch.GetTimestamp();
            var sum = Vector512.IsHardwareAccelerated ? Compute<Lanes.Vector512Float32>() : Compute<Lanes.Vector256Float32>();
            seconds[k] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            GC.KeepAlive(sum);
        }

        var lanes = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count;
        return 2.0 * Chains * lanes * Steps / Samples.Quantile(seconds, 0.5);
    }

    /// <summary>Twelve chains of a product and a sum, so that no chain waits for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Compute<V>()
        where V : unmanaged, ILanes<V>
    {
        V factor = V.Broadcast(0.9999), term = V.Broadcast(1e-4);
        V a = term, b = term, c = term, d = term, e = term, f = term, g = term, h = term, i = term, j = term, k = term, l = term;
        for (var step = 0; step < Steps; step++)
        {
            a = (a * factor) + term;
            b = (b * factor) + term;
            c = (c * factor) + term;
            d = (d * factor) + term;
            e = (e * factor) + term;
            f = (f * factor) + term;
            g = (g * factor) + term;
            h = (h * factor) + term;
            i = (i * factor) + term;
            j = (j * factor) + term;
            k = (k * factor) + term;
            l = (l * factor) + term;
        }

        return V.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
