using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>Rules about the order of stages that more than one stage needs.</summary>
internal static class PlaceRules
{
    /// <summary>
    /// A stage that scales the signal just above one that does not look at its length does nothing. The first stages are left
    /// alone: a clip there scales the gradient, which statistics below see too.
    /// </summary>
    public static void ReportScalingWithoutEffect(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (index > 0 && index + 1 < stages.Count && stages[index].OnlyScales && stages[index + 1].ForgetsLength)
            diagnostics.Report(Descriptors.StageWithoutEffect, stages[index].Kind, $"it changes the length of the update, which [{stages[index + 1].Kind}] below it does not look at");
    }

    /// <summary>Two preconditioners of one kind take the same statistic twice: v^(−1/2) v^(−1/2) is not what anybody means.</summary>
    public static void ReportSecondPreconditioner(Stage stage, IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (stages.Take(index).Any(s => s.Kind == stage.Kind))
            diagnostics.Report(Descriptors.SecondPreconditioner, stage.Kind);
    }
}
