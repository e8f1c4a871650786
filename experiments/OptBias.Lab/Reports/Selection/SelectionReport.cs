using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Selection;

/// <summary>Which optimizer to choose for the wished-for solution, from stored results.</summary>
public sealed record SelectionReport
{
    /// <summary>The wishes, in the order of the rankings' means.</summary>
    public required IReadOnlyList<Wish> Wishes { get; init; }

    /// <summary>What <see cref="WishProbability.Rank"/> found, the likeliest first.</summary>
    public required IReadOnlyList<WishRanking> Ranking { get; init; }

    /// <summary>The optimizers in the order of legends.</summary>
    public required IReadOnlyList<ReportOptimizer> Optimizers { get; init; }

    /// <summary>Number of seeds behind each mean; the smallest, where they differ.</summary>
    public required int Seeds { get; init; }

    /// <summary>Where the results came from: command, data, commit.</summary>
    public required ReportSettings Settings { get; init; }
}
