using OptBias.GpuCheck.Benchmark;

namespace OptBias.GpuCheck.Results;

/// <summary>What is wanted of the generated step on one list of parameters.</summary>
/// <param name="Work">The list.</param>
/// <param name="Against">Whom it is compared with.</param>
/// <param name="Limit">It may take so many times as long; compared at two digits, as it is shown.</param>
/// <param name="Ratio">The ratio of the medians; null if it was not measured.</param>
/// <param name="LowerQuartile">A quarter of the rounds has a smaller one.</param>
/// <param name="UpperQuartile">A quarter of the rounds has a larger one.</param>
/// <param name="Problem">Why it was not measured.</param>
internal sealed record Goal(string Work, string Against, double Limit, double? Ratio, double LowerQuartile, double UpperQuartile, string? Problem)
{
    /// <summary>Whether it is met.</summary>
    public GoalStatus Status => this.Ratio is not { } ratio ? GoalStatus.NotMeasured : Math.Round(ratio, 2) <= this.Limit ? GoalStatus.Met : GoalStatus.Missed;

    /// <summary>The goals of a list: near the floor where it is large, and nowhere slower than PyTorch's fused kernel.</summary>
    public static IEnumerable<Goal> Of(BenchmarkWork work, WorkResult result)
    {
        if (work.FloorGoal is { } limit)
            yield return Of(result, WorkResult.Floor, limit);
        yield return Of(result, WorkResult.PyTorchFused, 1);
    }

    private static Goal Of(WorkResult result, string against, double limit)
    {
        if (result.Find(WorkResult.Generated) is not { } generated || result.Find(against) is not { } other)
            return new(result.Work, against, limit, null, 0, 0, result.Problem ?? result.Contenders.FirstOrDefault(c => c.Name == against)?.Problem ?? "it was not measured");
        var ratio = generated.Over(other);
        return new(result.Work, against, limit, ratio.OfMedians, ratio.LowerQuartile, ratio.UpperQuartile, null);
    }
}

/// <summary>What became of a goal.</summary>
internal enum GoalStatus
{
    /// <summary>Met.</summary>
    Met,

    /// <summary>Missed.</summary>
    Missed,

    /// <summary>Not measured.</summary>
    NotMeasured,
}
