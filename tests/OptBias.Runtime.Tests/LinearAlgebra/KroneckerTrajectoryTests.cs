using OptBias.LinearAlgebra;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class KroneckerTrajectoryTests
{
    /// <summary>
    /// 1e-6 and not less: the first factor of the 16 x 8 parameter has rank 8, its other eigenvalues are ε = 1e-8 plus the
    /// rounding of whoever decomposes it. Those of the recording can be read off its second step: up to 6.7e-15 away from
    /// ε, and exact arithmetic (from the singular values of the gradient) is 8.7e-7 away from it.
    /// </summary>
    [Fact]
    public void Shampoo_with_Adam_grafting_follows_the_recorded_trajectory() =>
        Assert.InRange(ShampooByHand.Replay("shampoo_ema_adam_graft", hyper => ShampooByHand.WithAdamGraft(hyper, new KroneckerSettings())), 0, 1e-6);

    [Theory]
    [InlineData(0, 1e-7)]
    [InlineData(1, 1e-12)]
    public void Parameters_with_better_conditioned_factors_follow_it_more_closely(int parameter, double tolerance) =>
        Assert.InRange(ShampooByHand.Replay("shampoo_ema_adam_graft", hyper => ShampooByHand.WithAdamGraft(hyper, new KroneckerSettings()), only: parameter), 0, tolerance);

    [Fact]
    public void Summed_Shampoo_follows_the_recorded_trajectory() =>
        Assert.InRange(ShampooByHand.Replay("shampoo_sum", hyper => ShampooByHand.Sum(hyper, new KroneckerSettings { Accumulation = Accumulation.Sum })), 0, 1e-9);
}
