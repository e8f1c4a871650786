using System.Diagnostics;

namespace OptBias.Benchmarks.Measurement;

/// <summary>
/// Measures contenders side by side: every round calls each of them, and each round begins with another one. What changes
/// slowly on a machine (clock, neighbours, memory) then meets all of them alike, so that ratios hold where times do not.
/// </summary>
/// <remarks>A call that is too short for the clock is repeated within a round, equally often for all.</remarks>
public sealed class Interleaved
{
    /// <summary>Rounds that count.</summary>
    public int Rounds { get; init; } = 31;

    /// <summary>How long a contender runs before anything is measured, in seconds, twice with a pause: code that runs often is compiled anew behind its back, first to be observed, then for speed.</summary>
    private const double RunningIn = 0.15;

    /// <summary>The runtime compiles for speed once it has not met new code for 100 ms.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Rounds before them: for caches, for buffers that are made in the first steps.</summary>
    public int WarmUp { get; init; } = 5;

    /// <summary>Shortest time, in seconds, that one contender takes in a round.</summary>
    public double ShortestRound { get; init; } = 1e-3;

    /// <summary>Called before every single timed call, outside the clock, which then takes one call at a time: flushes caches. Null for warm caches.</summary>
    public Action? BeforeCall { get; init; }

    /// <summary>Waits until a device has done what it was asked for: called before the clock starts and before it stops. Null where calls return when they are done.</summary>
    public Action? Settle { get; init; }

    /// <summary>Measures.</summary>
    /// <returns>The samples, in the order of the contenders.</returns>
    public IReadOnlyList<Samples> Run(IReadOnlyList<Contender> contenders)
    {
        ArgumentNullException.ThrowIfNull(contenders);
        ArgumentOutOfRangeException.ThrowIfZero(contenders.Count);
        for (var k = 0; k < 2; k++)
        {
            foreach (var contender in contenders)
                this.RunIn(contender);
            Thread.Sleep(Pause);
        }

        var repeats = new int[contenders.Count];
        for (var k = 0; k < contenders.Count; k++)
            repeats[k] = this.Calibrate(contenders[k]);

        var seconds = contenders.Select(_ => new double[this.Rounds]).ToArray();
        for (var round = -this.WarmUp; round < this.Rounds; round++)
        {
            for (var j = 0; j < contenders.Count; j++)
            {
                var k = (j + round + this.WarmUp) % contenders.Count;
                var time = this.Time(contenders[k], repeats[k]);
                if (round >= 0)
                    seconds[k][round] = time;
            }
        }

        return contenders.Select((c, k) => new Samples(c.Name, seconds[k])).ToList();
    }

    /// <summary>Runs a contender until its code is worth compiling for speed.</summary>
    private void RunIn(Contender contender)
    {
        var start = Stopwatch.GetTimestamp();
        for (var calls = 0; calls < 40 || (calls < 1000 && Stopwatch.GetElapsedTime(start).TotalSeconds < RunningIn); calls++)
        {
            if (calls >= 3 && Stopwatch.GetElapsedTime(start).TotalSeconds > 10 * RunningIn)
                break;
            this.Time(contender, 1);
        }
    }

    /// <summary>How often a contender is called in a round. With caches flushed before each call, once is all there is.</summary>
    private int Calibrate(Contender contender)
    {
        for (var i = 0; i < 3; i++)
            this.Time(contender, 1);
        if (this.BeforeCall is not null || contender.Before is not null)
            return 1;
        var once = this.Time(contender, 1);
        return (int)Math.Clamp(Math.Ceiling(this.ShortestRound / once), 1, 1000);
    }

    private double Time(Contender contender, int repeats)
    {
        contender.Before?.Invoke();
        this.BeforeCall?.Invoke();

        // The contender before has left its own arrays in the caches.
        if (repeats > 1)
        {
            if (contender.Clocked is { } warm)
                warm(1);
            else
                contender.Run();
        }

        this.Settle?.Invoke();
        if (contender.Clocked is { } clocked)
            return clocked(repeats) / repeats;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            contender.Run();
        this.Settle?.Invoke();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }
}
