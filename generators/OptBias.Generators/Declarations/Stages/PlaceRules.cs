using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>Rules about the order of stages that more than one stage needs.</summary>
internal static class PlaceRules
{
    /// <summary>Two preconditioners of one kind take the same statistic twice: v^(−1/2) v^(−1/2) is not what anybody means.</summary>
    public static void ReportSecondPreconditioner(Stage stage, IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (stages.Take(index).Any(s => s.Kind == stage.Kind))
            diagnostics.Report(Descriptors.SecondPreconditioner, stage.Kind);
    }
}
