using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class RedundancyTests
{
    [Fact]
    public void Copies_up_to_sign_scale_and_shift_correlate_fully()
    {
        using var scope = NewDisposeScope();
        var u = Known.Gaussian(50, 1, seed: 1);
        Assert.Equal(1, MeanAbsoluteCorrelation.Of(cat([u, (-3 * u) + 7, 0.1 * u], dim: 1)), 9);
    }

    [Fact]
    public void Orthogonal_contrasts_do_not_correlate()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, MeanAbsoluteCorrelation.Of(Known.Of(new double[,] { { 1, 1 }, { 1, -1 }, { -1, 1 }, { -1, -1 } })), 12);
    }

    [Fact]
    public void Correlation_is_Pearsons_and_constant_units_are_left_out()
    {
        using var scope = NewDisposeScope();
        double[] a = [1, 2, 4, 7], b = [2, 1, 5, 3];
        double Mean(double[] v) => v.Average();
        double Cov(double[] v, double[] w) => v.Zip(w).Sum(p => (p.First - Mean(v)) * (p.Second - Mean(w)));
        var expected = Math.Abs(Cov(a, b)) / Math.Sqrt(Cov(a, a) * Cov(b, b));
        var h = Known.Of(new double[,] { { 1, 2, 0.1 }, { 2, 1, 0.1 }, { 4, 5, 0.1 }, { 7, 3, 0.1 } });
        Assert.Equal(expected, MeanAbsoluteCorrelation.Of(h), 12);
    }

    [Fact]
    public void Independent_units_are_not_predictable_and_their_sum_makes_them_all()
    {
        using var scope = NewDisposeScope();
        var h = Known.Gaussian(200, 8, seed: 2);
        Assert.Equal(0, PredictableUnits.Of(h));
        // The sum of units 0 and 1 makes those three predictable from each other; six others are not.
        Assert.Equal(3 / 9.0, PredictableUnits.Of(cat([h, h[TensorIndex.Colon, ..1] + h[TensorIndex.Colon, 1..2]], dim: 1)), 12);
    }

    [Fact]
    public void The_adjusted_R2_is_that_of_a_regression()
    {
        using var scope = NewDisposeScope();
        // One predictor: R² is the squared correlation, adjusted with (n − 1)/(n − 2). The threshold is put on either side of it.
        var h = Known.Gaussian(30, 2, seed: 9);
        var r = MeanAbsoluteCorrelation.Of(h + h.matmul(Known.Of(new double[,] { { 0, 3 }, { 0, 0 } })));
        var adjusted = 1 - ((1 - (r * r)) * 29 / 28);
        var correlated = h + h.matmul(Known.Of(new double[,] { { 0, 3 }, { 0, 0 } }));
        Assert.Equal(1, PredictableUnits.Of(correlated, adjusted - 1e-9));
        Assert.Equal(0, PredictableUnits.Of(correlated, adjusted + 1e-9));
    }

    [Fact]
    public void A_wide_layer_on_few_examples_has_no_answer()
    {
        using var scope = NewDisposeScope();
        Assert.True(double.IsNaN(PredictableUnits.Of(Known.Gaussian(10, 30, seed: 4))));
        // But a wide layer of rank 3 on few examples has one: everything is predictable.
        var narrow = Known.Gaussian(20, 3, seed: 4).matmul(Known.Gaussian(3, 30, seed: 5));
        Assert.Equal(1, PredictableUnits.Of(narrow));
    }

    [Fact]
    public void Class_means_are_compared_by_their_angle()
    {
        using var scope = NewDisposeScope();
        // Class 2 averages to (1, 0), class 4 to (1, 1), class 9 to (0, 2).
        var h = Known.Of(new double[,] { { 2, 1 }, { 0, -1 }, { 1, 1 }, { 0, 2 } });
        var similarity = ClassMeanSimilarity.Of(h, tensor(new long[] { 2, 2, 4, 9 }));
        Assert.Equal(3, similarity.GetLength(0));
        Assert.Equal(1, similarity[1, 1], 12);
        Assert.Equal(Math.Sqrt(0.5), similarity[0, 1], 12);
        Assert.Equal(0, similarity[0, 2], 12);
        Assert.Equal(Math.Sqrt(0.5), similarity[2, 1], 12);
        Assert.Equal(2 * Math.Sqrt(0.5) / 3, ClassMeanSimilarity.MeanOffDiagonal(similarity), 12);
    }

    [Fact]
    public void Degenerate_layers_have_documented_values()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 0, 1, 1 });
        Assert.True(double.IsNaN(MeanAbsoluteCorrelation.Of(zeros(4, 3))));
        Assert.True(double.IsNaN(MeanAbsoluteCorrelation.Of(Known.Gaussian(4, 1, seed: 1))));
        Assert.True(double.IsNaN(MeanAbsoluteCorrelation.Of(Known.Gaussian(1, 4, seed: 1))));
        Assert.True(double.IsNaN(MeanAbsoluteCorrelation.Of(full(new long[] { 4, 3 }, double.NaN))));
        Assert.True(double.IsNaN(PredictableUnits.Of(zeros(4, 3))));
        Assert.Equal(0, PredictableUnits.Of(Known.Gaussian(4, 1, seed: 1)));
        Assert.True(double.IsNaN(PredictableUnits.Of(full(new long[] { 4, 3 }, double.NaN))));
        Assert.All(ClassMeanSimilarity.Of(full(new long[] { 4, 3 }, double.NaN), labels).Cast<double>(), value => Assert.True(double.IsNaN(value)));
        var silentClass = Known.Of(new double[,] { { 1, 0 }, { 1, 0 }, { 0, 0 }, { 0, 0 } });
        Assert.True(double.IsNaN(ClassMeanSimilarity.Of(silentClass, labels)[0, 1]));
        Assert.True(double.IsNaN(ClassMeanSimilarity.MeanOffDiagonal(ClassMeanSimilarity.Of(silentClass, labels))));
    }
}
