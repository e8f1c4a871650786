using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class PruningTests
{
    [Fact]
    public void Keep_ratios_are_geometric()
    {
        var ratios = PruningCurve.KeepRatios();
        Assert.Equal(20, ratios.Length);
        Assert.Equal(0.01, ratios[0], 15);
        Assert.Equal(1, ratios[^1]);
        Assert.All(ratios.Zip(ratios.Skip(1)), pair => Assert.Equal(Math.Pow(100, 1 / 19.0), pair.Second / pair.First, 12));
    }

    [Fact]
    public void The_largest_magnitudes_stay_and_ties_do_not_add_entries()
    {
        using var scope = NewDisposeScope();
        var mask = MagnitudePruning.Mask(tensor(new[] { 1f, -5, 2, 0, 3, -0.5f }).reshape(2, 3), 0.5);
        Assert.Equal([0f, 1, 1, 0, 1, 0], mask.data<float>().ToArray());
        Assert.Equal(3, MagnitudePruning.Mask(ones(2, 5), 0.3).sum().ToDouble());
        Assert.Equal(1, MagnitudePruning.Mask(ones(2, 5), 0.01).sum().ToDouble());
    }

    [Fact]
    public void The_head_keeps_twice_as_much_and_everything_comes_back()
    {
        using var scope = NewDisposeScope();
        var body = Known.Gaussian(10, 10, seed: 1).requires_grad_();
        var head = Known.Gaussian(10, 10, seed: 2).requires_grad_();
        var before = (body.detach().clone(), head.detach().clone());
        var seen = new List<(long Body, long Head)>();
        var curve = PruningCurve.Measure([body, head], head: 1, () =>
        {
            seen.Add((body.count_nonzero().ToInt64(), head.count_nonzero().ToInt64()));
            return 0.5;
        }, [0.1, 0.6]);
        Assert.Equal([(10L, 20L), (60L, 100L)], seen);
        Assert.Equal(0.15, curve[0].Kept, 12);
        Assert.Equal(0.8, curve[1].Kept, 12);
        Assert.True(body.detach().equal(before.Item1).all().ToBoolean());
        Assert.True(head.detach().equal(before.Item2).all().ToBoolean());
        Assert.Throws<InvalidOperationException>(() => PruningCurve.Measure([body], -1, () => throw new InvalidOperationException()));
        Assert.True(body.detach().equal(before.Item1).all().ToBoolean());
    }

    /// <summary>The head keeps up to twice the ratio; what is kept of all weights is the fraction that is named.</summary>
    [Theory]
    [InlineData(0.1, new long[] { 1000, 500 }, 1)]
    [InlineData(0.03, new long[] { 1000, 500 }, 0)]
    [InlineData(0.1, new long[] { 300, 300 }, -1)]
    [InlineData(0.9, new long[] { 100, 1000 }, 0)]
    [InlineData(0.6, new long[] { 1000, 200 }, 1)]
    [InlineData(1, new long[] { 1000, 200 }, 1)]
    [InlineData(0.4, new long[] { 1000 }, 0)]
    public void The_fraction_that_is_named_is_kept(double fraction, long[] sizes, int head)
    {
        var keep = PruningCurve.KeepFor(fraction, sizes, head);
        Assert.InRange(keep, 1e-9, 1);
        var kept = sizes.Select((n, i) => n * Math.Min(1, i == head ? 2 * keep : keep)).Sum();
        Assert.Equal(fraction, kept / sizes.Sum(), 12);
    }

    [Fact]
    public void The_largest_sparsity_is_where_the_curve_crosses_the_bar()
    {
        PruningPoint[] curve = [new(0.01, 0.01, 0.5), new(0.1, 0.1, 0.94), new(0.25, 0.25, 0.96), new(1, 1, 0.96)];

        // The bar 0.95 lies half way between 0.25 and 0.1 kept, on a logarithmic axis.
        Assert.Equal(1 - Math.Sqrt(0.25 * 0.1), LargestSparsity.Of(curve), 9);
        Assert.Equal(0.9, LargestSparsity.Of(curve, tolerance: 0.02), 9);
        Assert.Equal(0.99, LargestSparsity.Of(curve, tolerance: 0.5), 9);
        Assert.Equal(0, LargestSparsity.Of(curve, denseAccuracy: 0.99), 9);
    }

    [Fact]
    public void A_recovery_beyond_the_first_fall_does_not_count()
    {
        PruningPoint[] curve = [new(1, 1, 0.9), new(0.5, 0.5, 0.9), new(0.4, 0.4, 0.7), new(0.3, 0.3, 0.9)];
        Assert.InRange(LargestSparsity.Of(curve), 0.5, 0.6);
        Assert.Equal(0.5, LargestSparsity.Of([curve[0], curve[1], new(0.4, 0.4, double.NaN)]), 12);
        Assert.True(double.IsNaN(LargestSparsity.Of([new(1, 1, double.NaN)])));
    }
}
