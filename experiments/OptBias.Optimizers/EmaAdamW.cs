namespace OptBias.Optimizers;

/// <summary>
/// AdamW with an exponential average of the weights, at which one evaluates (<see cref="DeclaredOptimizer.AtEvaluationPoint"/>): Polyak and
/// Juditsky 1992 (10.1137/0330046), as in torch's <c>get_ema_multi_avg_fn</c>, whose first average is the parameter after the first step.
/// </summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-8)]
[WeightDecay(0.01)]
[Elementwise(nameof(Remember))]
[EvaluateAt(nameof(Average))]
public sealed partial class EmaAdamW
{
    private static double Remember(
        double update, double parameter, double isFirst, double rate, ref double average,
        [Hyper(0.999, Minimum = 0, Maximum = 1, ExcludesMaximum = true, Description = "decay rate of the average of the weights")] double averageDecay)
    {
        var next = parameter - (rate * update);
        average = isFirst > 0 ? next : average + ((1 - averageDecay) * (next - average));
        return update;
    }

    private static double Average(double average) => average;

    [PerStep]
    private static double IsFirst(long step) => step == 1 ? 1 : 0;

    [PerStep]
    private static double Rate(long step, double lr) => lr;
}
