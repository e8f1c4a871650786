using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class SparsityIndexTests
{
    [Fact]
    public void One_entry_alone_is_as_sparse_as_it_gets()
    {
        double[] w = [0, 0, -3, 0];
        Assert.Equal(1, Hoyer.Of(w), 12);
        Assert.Equal(1 - (1 / 4.0), Gini.Of(w), 12);
    }

    [Fact]
    public void Equal_magnitudes_are_not_sparse()
    {
        double[] w = [2, -2, 2, -2, 2];
        Assert.Equal(0, Hoyer.Of(w), 12);
        Assert.Equal(0, Gini.Of(w), 12);
    }

    [Fact]
    public void Hoyer_follows_its_formula()
    {
        // l1 = 7, l2 = 5, n = 4.
        Assert.Equal((2 - (7 / 5.0)) / (2 - 1), Hoyer.Of([3, 0, 0, -4]), 12);
    }

    [Fact]
    public void Gini_is_the_mean_absolute_difference_over_twice_the_mean()
    {
        double[] w = [0.3, -1.7, 2.2, 0, 0.9, -0.1];
        var pairs = w.SelectMany(a => w.Select(b => Math.Abs(Math.Abs(a) - Math.Abs(b)))).Average();
        Assert.Equal(pairs / (2 * w.Average(Math.Abs)), Gini.Of(w), 12);
    }

    [Fact]
    public void Tensors_and_spans_agree()
    {
        using var scope = NewDisposeScope();
        var w = Known.Gaussian(13, 7, seed: 5);
        var numbers = w.data<double>().ToArray();
        Assert.Equal(Hoyer.Of(numbers), Hoyer.Of(w), 12);
        Assert.Equal(Gini.Of(numbers), Gini.Of(w), 12);
        Assert.Equal(Hoyer.Of(w), Hoyer.Of(w.t() * 1e30), 12);
    }

    [Fact]
    public void Rows_are_averaged_and_silent_rows_count_as_dense()
    {
        using var scope = NewDisposeScope();
        var h = Known.Of(new double[,] { { 0, 5, 0, 0 }, { 1, 1, 1, 1 }, { 0, 0, 0, 0 }, { 3, 0, 0, 4 } });
        Assert.Equal((1 + 0 + 0 + 0.6) / 4, Hoyer.OfRows(h), 12);
    }

    [Fact]
    public void Degenerate_vectors_have_documented_values()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, Hoyer.Of([0, 0, 0]));
        Assert.Equal(0, Gini.Of([0, 0, 0]));
        Assert.Equal(0, Hoyer.Of([7]));
        Assert.Equal(0, Gini.Of([7]));
        Assert.True(double.IsNaN(Hoyer.Of([1, double.NaN])));
        Assert.True(double.IsNaN(Gini.Of([1, double.PositiveInfinity])));
        Assert.True(double.IsNaN(Hoyer.Of(tensor(new[] { 1f, float.NaN }))));
        Assert.Equal(0, Gini.Of(zeros(3, 3)));
        Assert.Throws<ArgumentException>(() => Hoyer.Of([]));
        Assert.Throws<ArgumentException>(() => Gini.Of(zeros(0)));
    }
}
