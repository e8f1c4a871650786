using System.Globalization;

namespace OptBias.Generators.Tests;

/// <summary>
/// Which batches of random programs a run compiles. All of them take minutes, so that a run takes a part, and the part moves on by one
/// every day: each batch has its turn, and a failure names its batch. <c>OPTBIAS_RANDOM=all</c> takes all, <c>OPTBIAS_RANDOM=7</c> batch 7.
/// </summary>
internal static class RandomBatches
{
    public const string Switch = "OPTBIAS_RANDOM";

    /// <summary>The batches of this run.</summary>
    /// <param name="total">How many batches there are.</param>
    /// <param name="part">How many a run takes without the switch.</param>
    /// <exception cref="FormatException">The switch is neither <c>all</c> nor the number of a batch.</exception>
    public static TheoryData<int> Of(int total, int part) => [.. Select(total, part, Environment.GetEnvironmentVariable(Switch), DateTime.UtcNow)];

    /// <inheritdoc cref="Of"/>
    internal static IEnumerable<int> Select(int total, int part, string? choice, DateTime today)
    {
        if (string.IsNullOrEmpty(choice))
            return Enumerable.Range(0, part).Select(k => (int)(((today.Ticks / TimeSpan.TicksPerDay) + ((long)k * total / part)) % total)).Order();
        if (choice.Equals("all", StringComparison.OrdinalIgnoreCase))
            return Enumerable.Range(0, total);
        return int.TryParse(choice, NumberStyles.None, CultureInfo.InvariantCulture, out var batch) && batch < total
            ? [batch]
            : throw new FormatException($"{Switch} is '{choice}'; allowed are all, and a number from 0 to {total - 1}.");
    }
}
