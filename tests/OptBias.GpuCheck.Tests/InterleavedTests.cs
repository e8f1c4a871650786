using OptBias.Benchmarks.Measurement;

namespace OptBias.GpuCheck.Tests;

/// <summary>Measuring side by side where work is done elsewhere: on a device, in another process.</summary>
public sealed class InterleavedTests
{
    [Fact]
    public void The_clock_starts_and_stops_when_the_device_is_done()
    {
        var calls = new List<string>();
        var run = new Interleaved { Rounds = 1, WarmUp = 0, ShortestRound = 0, Settle = () => calls.Add("settle") };
        run.Run([new Contender("work", () => calls.Add("work")) { Before = () => calls.Add("before") }]);
        Assert.Equal(["before", "settle", "work", "settle"], calls.TakeLast(4));
    }

    [Fact]
    public void The_time_of_what_the_device_still_does_counts()
    {
        var pending = 0;
        var run = new Interleaved { Rounds = 3, WarmUp = 0, ShortestRound = 1e-3, Settle = () => Thread.Sleep(2 * Interlocked.Exchange(ref pending, 0)) };
        var samples = run.Run([new Contender("work", () => pending++)]).Single();
        Assert.All(samples.Seconds, seconds => Assert.InRange(seconds, 1.9e-3, 1));
    }

    [Fact]
    public void A_contender_that_clocks_itself_says_its_own_time()
    {
        var asked = new List<int>();
        var run = new Interleaved { Rounds = 2, WarmUp = 0, ShortestRound = 1e-2 };
        var samples = run.Run([new Contender("elsewhere", () => throw new InvalidOperationException()) { Clocked = repeats => { asked.Add(repeats); return repeats * 1e-3; } }]).Single();
        Assert.All(samples.Seconds, seconds => Assert.Equal(1e-3, seconds, 12));
        Assert.Equal(10, asked[^1]);
    }
}
