using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class RankTests
{
    [Fact]
    public void Equal_singular_values_count_themselves()
    {
        using var scope = NewDisposeScope();
        var h = Known.WithSingularValues(40, 12, [2, 2, 2]);
        Assert.Equal(3, EffectiveRank.Of(h), 9);
        Assert.Equal(3, StableRank.Of(h), 9);
    }

    [Fact]
    public void Effective_rank_is_the_exponential_of_the_entropy()
    {
        using var scope = NewDisposeScope();
        // p = (1/2, 1/4, 1/4): entropy 1.5 ln 2, so 2^1.5.
        Assert.Equal(Math.Pow(2, 1.5), EffectiveRank.Of(Known.WithSingularValues(9, 20, [4, 2, 2])), 9);
    }

    [Fact]
    public void Stable_rank_is_the_energy_over_the_largest()
    {
        using var scope = NewDisposeScope();
        Assert.Equal((16 + 4 + 1) / 16.0, StableRank.Of(Known.WithSingularValues(9, 20, [4, 2, 1])), 9);
    }

    [Theory]
    [InlineData(30, 7)]
    [InlineData(7, 30)]
    public void Participation_ratio_follows_the_variances(int n, int d)
    {
        using var scope = NewDisposeScope();
        // Orthonormal columns that are orthogonal to the ones vector keep their singular values when centred.
        var h = Known.WithSingularValues(n, d, [3, 2, 1], centred: true) + 5;
        double[] variances = [9, 4, 1];
        Assert.Equal(Math.Pow(variances.Sum(), 2) / variances.Sum(v => v * v), ParticipationRatio.Of(h), 8);
    }

    [Fact]
    public void Ranks_do_not_depend_on_scale_dtype_or_rotation()
    {
        using var scope = NewDisposeScope();
        var h = Known.Gaussian(50, 10, seed: 3);
        var rotated = h.matmul(Known.Rotation(10, seed: 4)) * 1e-3;
        Assert.Equal(EffectiveRank.Of(h), EffectiveRank.Of(rotated), 9);
        Assert.Equal(StableRank.Of(h), StableRank.Of(rotated), 9);
        Assert.Equal(ParticipationRatio.Of(h), ParticipationRatio.Of(rotated), 9);
        Assert.Equal(EffectiveRank.Of(h), EffectiveRank.Of(h.to(ScalarType.Float32)), 5);
    }

    [Fact]
    public void Silence_has_rank_zero_and_constant_activity_no_participation()
    {
        using var scope = NewDisposeScope();
        var silent = zeros(5, 4);
        Assert.Equal(0, EffectiveRank.Of(silent));
        Assert.Equal(0, StableRank.Of(silent));
        Assert.Equal(0, ParticipationRatio.Of(silent));
        Assert.Equal(0, ParticipationRatio.Of(full(new long[] { 5, 4 }, 0.1)));
        Assert.Equal(0, ParticipationRatio.Of(Known.Gaussian(1, 4, seed: 1)));
    }

    [Fact]
    public void One_unit_or_one_example_has_rank_one()
    {
        using var scope = NewDisposeScope();
        foreach (var h in new[] { Known.Gaussian(6, 1, seed: 1), Known.Gaussian(1, 6, seed: 1) })
        {
            Assert.Equal(1, EffectiveRank.Of(h), 12);
            Assert.Equal(1, StableRank.Of(h), 12);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_diverged_representation_has_no_rank(double bad)
    {
        using var scope = NewDisposeScope();
        var h = Known.Gaussian(6, 3, seed: 1);
        h[2, 1] = bad;
        Assert.True(double.IsNaN(EffectiveRank.Of(h)));
        Assert.True(double.IsNaN(StableRank.Of(h)));
        Assert.True(double.IsNaN(ParticipationRatio.Of(h)));
    }

    [Fact]
    public void What_is_no_matrix_is_refused_with_its_shape()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[2, 3, 4]", Assert.Throws<ArgumentException>(() => EffectiveRank.Of(zeros(2, 3, 4))).Message);
        Assert.Contains("[0, 4]", Assert.Throws<ArgumentException>(() => StableRank.Of(zeros(0, 4))).Message);
    }

    [Fact]
    public void Metrics_leave_nothing_in_native_memory()
    {
        using var scope = NewDisposeScope();
        var h = Known.Gaussian(20, 6, seed: 1).requires_grad_();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        EffectiveRank.Of(h);
        ParticipationRatio.Of(h);
        Hoyer.Of(h);
        Gini.Of(h);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }
}
