using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OptBias.Lab.Statistics;

/// <summary>Which point counts where a path reaches the same x more than once.</summary>
public enum Crossing
{
    /// <summary>That with the least y: for what is paid, such as forgetting.</summary>
    Least,

    /// <summary>That of the smallest learning rate: for what is neither good nor bad, such as a rank.</summary>
    First,
}

/// <summary>
/// A trade-off of one optimizer, traced by its learning rates: (what it learns, what it pays), such as (learning accuracy, forgetting).
/// </summary>
/// <remarks>
/// The trap it avoids: a smaller learning rate forgets less because it learns less. The path runs through the points in the order of
/// the learning rates and may turn back, as too large a rate learns less again; <see cref="At"/> is then the least cost at which the
/// optimizer reaches the wanted x, which is what somebody who tunes would pick.
/// </remarks>
public static class Frontier
{
    /// <summary>The y at x on the path, linear between neighbours; NaN where the path does not reach x.</summary>
    /// <param name="path">Points in the order of the learning rates. A point that is not finite (a diverged rate) interrupts the path.</param>
    /// <param name="x">The wanted x.</param>
    /// <param name="crossing">Which y, where there are several.</param>
    public static double At(IReadOnlyList<(double X, double Y)> path, double x, Crossing crossing = Crossing.Least) => At((ReadOnlySpan<(double X, double Y)>)[.. path], x, crossing);

    /// <summary>The same of points that lie beside each other in memory: a report asks millions of times.</summary>
    internal static double At(ReadOnlySpan<(double X, double Y)> path, double x, Crossing crossing)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < path.Length; i++)
        {
            var (x0, y0) = path[i];
            if (i == 0)
            {
                if (x0 == x && double.IsFinite(y0))
                    least = y0;
                continue;
            }

            var (x1, y1) = path[i - 1];
            // The segment comes before its end, in the order of the rates.
            if (crossing == Crossing.First && double.IsFinite(least))
                return least;
            if (double.IsFinite(x0) && double.IsFinite(x1) && double.IsFinite(y0) && double.IsFinite(y1) && x0 != x1 && (x - x0) * (x - x1) < 0)
                least = Math.Min(least, y0 + ((x - x0) / (x1 - x0) * (y1 - y0)));
            if (x0 == x && double.IsFinite(y0))
                least = Math.Min(least, y0);
        }

        return double.IsFinite(least) ? least : double.NaN;
    }

    /// <summary>The range of x that the path reaches; NaN where it has no finite point.</summary>
    public static (double Low, double High) Reach(IReadOnlyList<(double X, double Y)> path)
    {
        var finite = path.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(p => p.X).ToArray();
        return finite.Length == 0 ? (double.NaN, double.NaN) : (finite.Min(), finite.Max());
    }

    /// <summary>The mean path of some seeds: for each learning rate the mean point, not finite where a seed diverged.</summary>
    /// <param name="paths">[seed][learning rate], every seed over the same learning rates.</param>
    /// <param name="seeds">Indices of the seeds, possibly repeated.</param>
    public static IReadOnlyList<(double X, double Y)> Mean(IReadOnlyList<IReadOnlyList<(double X, double Y)>> paths, IReadOnlyList<int> seeds)
    {
        var mean = new (double X, double Y)[paths[0].Count];
        foreach (var seed in seeds)
        {
            if (paths[seed].Count != mean.Length)
                throw new ArgumentException($"Seed {seed} has {paths[seed].Count} points where the first has {mean.Length}: all seeds go over the same learning rates.");
            for (var i = 0; i < mean.Length; i++)
                mean[i] = (mean[i].X + (paths[seed][i].X / seeds.Count), mean[i].Y + (paths[seed][i].Y / seeds.Count));
        }

        return mean;
    }
}

/// <summary>
/// The paths of one optimizer with the mean paths of their resamples, which are the same whatever the optimizer is compared with:
/// <see cref="Frontier.Mean"/>, bit for bit, once for each resample.
/// </summary>
internal sealed class ResampledFrontier
{
    private readonly double[][] rows;
    private readonly Dictionary<(int Seed, int Count), (double X, double Y)[]> means = [];

    /// <summary>Prepares the paths for resamples of as many seeds as there are.</summary>
    /// <param name="paths">[seed][learning rate], every seed over the same learning rates.</param>
    public ResampledFrontier(IReadOnlyList<IReadOnlyList<(double X, double Y)>> paths)
    {
        this.Paths = paths;
        this.Points = paths.Count == 0 ? 0 : paths[0].Count;
        this.rows = [.. paths.Select(path => path.SelectMany(p => new[] { p.X / paths.Count, p.Y / paths.Count }).ToArray())];
        if (this.rows.FirstOrDefault(row => row.Length != this.rows[0].Length) is { } other)
            throw new ArgumentException($"A seed has {other.Length / 2} points where the first has {this.Points}: all seeds go over the same learning rates.");
    }

    /// <summary>The paths themselves, [seed][learning rate].</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> Paths { get; }

    /// <summary>Learning rates of a path.</summary>
    public int Points { get; }

    /// <summary>The mean path of some seeds.</summary>
    /// <param name="seeds">As many indices of seeds as there are seeds.</param>
    public (double X, double Y)[] Mean(int[] seeds)
    {
        var mean = new (double X, double Y)[this.Points];
        this.Mean(seeds, mean);
        return mean;
    }

    /// <summary>The mean paths of the first resamples, one after the other.</summary>
    /// <param name="seed">Seed of the drawing.</param>
    /// <param name="count">How many resamples.</param>
    public (double X, double Y)[] Means(int seed, int count)
    {
        // Pairs are compared in parallel: the second one that asks waits for the first.
        lock (this.means)
        {
            if (this.means.TryGetValue((seed, count), out var known))
                return known;
            var means = new (double X, double Y)[count * this.Points];
            Resamples.Each(this.rows.Length, seed, count, (r, seeds) => this.Mean(seeds, means.AsSpan(r * this.Points, this.Points)));
            return this.means[(seed, count)] = means;
        }
    }

    private void Mean(int[] seeds, Span<(double X, double Y)> mean)
    {
        var sum = MemoryMarshal.Cast<(double X, double Y), double>(mean);
        foreach (var seed in seeds)
            TensorPrimitives.Add(sum, this.rows[seed], sum);
    }
}
