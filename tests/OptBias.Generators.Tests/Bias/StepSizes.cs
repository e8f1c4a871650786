using static TorchSharp.torch;

namespace OptBias.Generators.Tests;

/// <summary>The size of a step in each of the norms in which a bound may be given.</summary>
internal static class StepSizes
{
    /// <param name="norm">The norm.</param>
    /// <param name="step">The step, a square matrix.</param>
    /// <param name="parameter">Where it began.</param>
    /// <param name="side">The side of the matrix.</param>
    public static double Of(StepNorm norm, double[] step, double[] parameter, int side) => norm switch
    {
        StepNorm.Element => step.Max(Math.Abs),
        StepNorm.Frobenius => Length(step),
        StepNorm.Sum => step.Sum(Math.Abs),
        StepNorm.Row => Enumerable.Range(0, side).Max(i => Length([.. Enumerable.Range(0, side).Select(j => step[(i * side) + j])])),
        StepNorm.Column => Enumerable.Range(0, side).Max(j => Length([.. Enumerable.Range(0, side).Select(i => step[(i * side) + j])])),
        StepNorm.Spectral => SingularValues(step, side).Max(),
        StepNorm.Nuclear => SingularValues(step, side).Sum(),
        StepNorm.ParameterLength => Length(step) / Length(parameter),

        // The length of another rule's step is not at hand.
        _ => 0,
    };

    private static double Length(double[] x) => Math.Sqrt(x.Sum(static v => v * v));

    private static double[] SingularValues(double[] step, int side)
    {
        using var scope = NewDisposeScope();
        return [.. linalg.svdvals(tensor(step, [side, side])).data<double>()];
    }
}
