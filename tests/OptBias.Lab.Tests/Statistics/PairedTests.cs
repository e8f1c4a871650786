using MathNet.Numerics.Distributions;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

public sealed class PairedTests
{
    [Fact]
    public void Differences_of_one_sign_give_the_smallest_p_there_is()
    {
        var result = PairedPermutationTest.Of([1, 2, 3, 4, 5], [0, 1.5, 2, 3.5, 1]);
        Assert.Equal(2 / 32.0, result.PValue, 12);
        Assert.Equal(0.0625, result.SmallestPossible, 12);
        Assert.True(result.IsExact);
    }

    [Fact]
    public void The_p_counts_sign_flips()
    {
        // Differences 1, 2, -3, 10: of 16 flips those with |sum| >= 10 are +-{1+2-3+10, 1+2+3+10, 1-2+3+10, -1+2+3+10, -1-2+3+10, ...}.
        double[] d = [1, 2, -3, 10];
        var hits = 0;
        for (var flip = 0; flip < 16; flip++)
        {
            var sum = d.Select((x, i) => (flip >> i & 1) == 0 ? x : -x).Sum();
            hits += Math.Abs(sum) >= 10 ? 1 : 0;
        }

        Assert.Equal(hits / 16.0, PairedPermutationTest.Of(d, new double[4]).PValue, 12);
        Assert.Equal(hits / 16.0, PairedPermutationTest.Of([.. d.Select(x => -x)], new double[4]).PValue, 12);
        Assert.Equal(0.125, PairedPermutationTest.Of([0.12, 0.05, 0.09, -0.01, 0.11], new double[5]).PValue, 12);
    }

    [Fact]
    public void Equal_samples_do_not_differ()
    {
        Assert.Equal(1, PairedPermutationTest.Of([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]).PValue);
    }

    [Fact]
    public void Sampling_agrees_with_enumeration_and_is_never_zero()
    {
        var random = new Random(2);
        var d = Enumerable.Range(0, 17).Select(_ => random.NextDouble() - 0.3).ToArray();
        var sampled = PairedPermutationTest.Of(d, new double[17], seed: 1);
        Assert.False(sampled.IsExact);
        var exactHits = 0;
        var seen = Math.Abs(d.Sum());
        for (var flip = 0; flip < 1 << 17; flip++)
        {
            var sum = 0.0;
            for (var i = 0; i < 17; i++)
                sum += (flip >> i & 1) == 0 ? d[i] : -d[i];
            exactHits += Math.Abs(sum) >= seen - 1e-12 ? 1 : 0;
        }

        Assert.Equal(exactHits / (double)(1 << 17), sampled.PValue, 0.004);
        Assert.InRange(PairedPermutationTest.Of([.. Enumerable.Repeat(1.0, 40)], new double[40]).PValue, 1e-6, 1e-4);
    }

    [Fact]
    public void Under_no_difference_small_p_values_are_as_rare_as_they_say()
    {
        var random = new Random(4);
        const int Trials = 4000;
        var rejected = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var d = new double[8];
            for (var i = 0; i < d.Length; i++)
                d[i] = Normal.Sample(random, 0, 1);
            rejected += PairedPermutationTest.Of(d, new double[8]).PValue <= 0.0625 ? 1 : 0;
        }

        Assert.InRange(rejected / (double)Trials, 0.05, 0.075);
    }

    [Fact]
    public void Holm_steps_down()
    {
        // Sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1: 0.04, 0.06, 0.06, 0.06 once they may not fall.
        Assert.Equal([0.06, 0.04, 0.06, 0.06], HolmCorrection.Of([0.02, 0.01, 0.04, 0.03]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], HolmCorrection.Of([0.7, 0.6]));
        var withNaN = HolmCorrection.Of([0.02, double.NaN, 0.01]);
        Assert.Equal(0.02, withNaN[0], 12);
        Assert.True(double.IsNaN(withNaN[1]));
        Assert.Equal(0.02, withNaN[2], 12);
        Assert.Empty(HolmCorrection.Of([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HolmCorrection.Of([1.5]));
    }

    [Fact]
    public void The_noncentral_t_agrees_with_integrating_the_other_variable()
    {
        Assert.Equal(0.76456745, PairedEffectSize.NoncentralT(2, 4, 1), 6);
        Assert.Equal(StudentT.CDF(0, 1, 4, 1.3), PairedEffectSize.NoncentralT(1.3, 4, 0), 9);
        Assert.Equal(StudentT.CDF(0, 1, 1, -0.4), PairedEffectSize.NoncentralT(-0.4, 1, 0), 6);
        Assert.Equal(1 - PairedEffectSize.NoncentralT(1, 9, -0.7), PairedEffectSize.NoncentralT(-1, 9, 0.7), 9);
    }

    [Fact]
    public void The_effect_size_and_its_interval_are_those_of_the_noncentral_t()
    {
        // Computed elsewhere: for four degrees of freedom the survival of chi-square is exp(-x/2)(1 + x/2), which was integrated over the normal variable.
        var g = PairedEffectSize.Of([0.12, 0.05, 0.09, -0.01, 0.11], new double[5]);
        Assert.Equal(1.0818026, g.Estimate, 6);
        Assert.Equal(0.0492712, g.Low, 5);
        Assert.Equal(2.0592326, g.High, 5);
    }

    [Fact]
    public void Degenerate_pairs_have_documented_results()
    {
        Assert.True(double.IsNaN(PairedPermutationTest.Of([], []).PValue));
        Assert.True(double.IsNaN(PairedPermutationTest.Of([1, double.NaN], [0, 0]).PValue));
        Assert.Throws<ArgumentException>(() => PairedPermutationTest.Of([1], [1, 2]));
        Assert.Equal(Interval.Single(0), PairedEffectSize.Of([1, 2], [1, 2]));
        Assert.Equal(double.NegativeInfinity, PairedEffectSize.Of([1, 2, 3], [2, 3, 4]).Estimate);
        Assert.False(PairedEffectSize.Of([1], [2]).IsDefined);
        Assert.False(PairedEffectSize.Of([1, double.NaN], [2, 2]).IsDefined);
        Assert.Equal(0.564, PairedEffectSize.Correction(2), 3);
        Assert.Equal(1 - (3 / (4.0 * 9 - 1)), PairedEffectSize.Correction(9), 3);
    }

    [Fact]
    public void A_comparison_leaves_pairs_with_a_diverged_run_out()
    {
        var comparison = PairedComparison.Of([1, 2, double.NaN, 4], [0, 0, 0, double.NaN]);
        Assert.Equal(2, comparison.Pairs);
        Assert.Equal(1.5, comparison.Difference.Estimate, 12);
        Assert.Equal(0.5, comparison.Test.PValue, 12);
        var summary = Summary.Of([1, double.NaN, 3]);
        Assert.Equal((3, 1, 2.0), (summary.Count, summary.Undefined, summary.Mean.Estimate));
    }
}
