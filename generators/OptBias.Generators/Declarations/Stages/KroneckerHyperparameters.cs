using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>What the two stages with Kronecker factors have in common.</summary>
internal static class KroneckerHyperparameters
{
    public static HyperparameterDeclaration Beta(double value) =>
        new("shampoo_beta", "beta", value, HyperparameterRange.Rate, new("beta", "β", "\\beta"), "decay rate of the Kronecker factors");

    public static HyperparameterDeclaration UpdateEvery(int value, string what) =>
        new("update_every", "UpdateEvery", value, HyperparameterRange.Interval, new("updateEvery", "f", "f"), $"steps between two refreshes of the {what}");

    public static void CheckAccumulation(Stage stage, Accumulation accumulate, double? beta, StageDiagnostics diagnostics)
    {
        if (accumulate == Accumulation.Sum && beta is not null)
            diagnostics.Report(Descriptors.ContradictoryOptions, stage.Kind, "beta", "Accumulate = Sum", "a sum does not forget; leave beta out");
        if (accumulate != Accumulation.Sum && beta is null)
            diagnostics.Report(Descriptors.MissingBeta, stage.Kind, accumulate.ToString());
    }
}
