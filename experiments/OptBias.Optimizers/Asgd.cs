namespace OptBias.Optimizers;

/// <summary>
/// Averaged SGD, Polyak and Juditsky 1992 (10.1137/0330046), as in torch.optim.ASGD: a rate that falls as t^(−α), and from step <c>t0</c> on
/// the mean of the parameters, at which one evaluates (<see cref="DeclaredOptimizer.AtEvaluationPoint"/>).
/// </summary>
[Optimizer(LearningRate = 0.01)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[Elementwise(nameof(Step))]
[EvaluateAt(nameof(Mean))]
public sealed partial class Asgd
{
    private static double Step(
        double update, double parameter, double rate, double fall, double share, ref double mean,
        [Hyper(1e-4, Minimum = 0, Description = "decay of the parameter, which the fall of the rate depends on too")] double lambd)
    {
        var step = fall * (update + (lambd * parameter));
        var next = parameter - (rate * step);
        mean = share < 1 ? mean + (share * (next - mean)) : next;
        return step;
    }

    private static double Mean(double mean) => mean;

    [PerStep]
    private static double Rate(long step, double lr) => lr;

    [PerStep]
    private static double Fall(long step, double lr, double lambd, [Hyper(0.75, Minimum = 0, Description = "power with which the rate falls")] double alpha) =>
        Math.Pow(1 + (lambd * lr * (step - 1)), -alpha);

    /// <summary>The weight of the newest parameter in the mean. torch sets it after a step, for the next.</summary>
    [PerStep]
    private static double Share(long step, [Hyper(1e6, Minimum = 0, Description = "steps before the mean begins")] double t0) => 1 / Math.Max(1, step - 1 - t0);
}
