namespace OptBias.Generators.Tests;

public sealed class RandomBatchesTests
{
    private static readonly DateTime Today = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Every_batch_has_its_turn_within_as_many_days_as_the_parts_take()
    {
        Assert.All(Enumerable.Range(0, 40), day => Assert.Equal(2, RandomBatches.Select(20, 2, null, Today.AddDays(day)).Distinct().Count()));
        Assert.Equal(Enumerable.Range(0, 20), Enumerable.Range(0, 10).SelectMany(day => RandomBatches.Select(20, 2, null, Today.AddDays(day))).Order());
    }

    [Fact]
    public void The_switch_takes_all_or_one()
    {
        Assert.Equal(20, RandomBatches.Select(20, 2, "all", Today).Count());
        Assert.Equal([7], RandomBatches.Select(20, 2, "7", Today));
    }

    [Theory]
    [InlineData("20")]
    [InlineData("some")]
    [InlineData("-1")]
    public void Another_value_of_the_switch_is_an_error_that_says_what_is_allowed(string choice) =>
        Assert.Contains("0 to 19", Assert.Throws<FormatException>(() => RandomBatches.Select(20, 2, choice, Today)).Message, StringComparison.Ordinal);
}
