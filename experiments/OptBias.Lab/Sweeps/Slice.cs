using System.Globalization;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Sweeps;

/// <summary>The part of a stage that one task of a sweep does: the task's number, from 1, and how many tasks there are.</summary>
/// <remarks>
/// Which trials it holds follows from the stage alone, not from what is finished. So a task that starts again finds the same
/// trials, and tasks need not talk to each other.
/// </remarks>
/// <param name="Number">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">Number of slices.</param>
internal readonly record struct Slice(int Number, int Count)
{
    private const int HashDigits = 16;

    /// <summary>Reads <c>3/40</c>.</summary>
    /// <exception cref="ArgumentException">It is no slice.</exception>
    public static Slice Parse(string text) =>
        text.Split('/') is [var number, var count]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
        && n >= 1 && n <= all ? new(n, all)
        : throw new ArgumentException($"--slice is '{text}'; give a task and the number of tasks, from 1/40 to 40/40.");

    /// <summary>The trials of this slice.</summary>
    /// <param name="trials">Those of the stage.</param>
    public IReadOnlyList<Trial> Of(IReadOnlyList<Trial> trials)
    {
        var (number, count) = this;
        return [.. Shuffled(trials.Select(t => (t, t.Key))).Where((_, i) => i % count == number - 1).Select(p => p.Item)];
    }

    /// <summary>The slices that still have something to do.</summary>
    /// <param name="keys">The keys of all trials of the stage.</param>
    /// <param name="count">Number of slices.</param>
    /// <param name="isDone">Whether a trial is finished.</param>
    public static IReadOnlyList<int> Unfinished(IEnumerable<string> keys, int count, Func<string, bool> isDone) =>
        [.. Shuffled(keys.Select(k => (k, k))).Select((p, i) => (p.Key, Number: (i % count) + 1)).Where(p => !isDone(p.Key)).Select(p => p.Number).Distinct().Order()];

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{this.Number}/{this.Count}");

    /// <summary>
    /// By the hash at the end of the key: a grid's own order would give every Shampoo to the same task, and Shampoo takes longer.
    /// </summary>
    private static IEnumerable<(T Item, string Key)> Shuffled<T>(IEnumerable<(T Item, string Key)> trials) =>
        trials.OrderBy(t => t.Key[Math.Max(0, t.Key.Length - HashDigits)..], StringComparer.Ordinal).ThenBy(t => t.Key, StringComparer.Ordinal);
}
