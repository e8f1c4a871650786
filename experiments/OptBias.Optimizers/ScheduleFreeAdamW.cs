namespace OptBias.Optimizers;

/// <summary>
/// Schedule-Free AdamW, Defazio et al. 2024 (arXiv 2405.15682), with the bias correction in the denominator as in the authors' code: an
/// Adam without momentum whose gradients are taken between a fast sequence z and its average x, and one evaluates at x
/// (<see cref="DeclaredOptimizer.AtEvaluationPoint"/>). There is no schedule but a warm-up of <c>warmup</c> steps (0: none).
/// </summary>
[Optimizer(LearningRate = 2.5e-3)]
[Diagonal(0.999, Epsilon = 1e-8)]
[WeightDecay(0.0)]
[Elementwise(nameof(Step))]
[EvaluateAt(nameof(Average))]
public sealed partial class ScheduleFreeAdamW
{
    /// <summary>The parameter is y = (1 − β) z + β x. What is kept is how far z is ahead of it, z − y: it is zero at the start, and sees no origin.</summary>
    private static double Step(
        double update, double rate, double warmth, double share, double inverse, ref double ahead,
        [Hyper(0.9, Minimum = 0, Maximum = 1, ExcludesMinimum = true, ExcludesMaximum = true, Description = "weight of the average where gradients are taken")] double beta1)
    {
        var step = ((1 - (beta1 * (1 - share))) * warmth * update) - (share * inverse * ahead);
        ahead = (1 - share) * (ahead - (beta1 * rate * update));
        return step;
    }

    /// <summary>x, out of y and z.</summary>
    private static double Average(double parameter, double ahead, double mix) => parameter + ((1 - (1 / mix)) * ahead);

    [PerStep]
    private static double Mix(long step, double beta1) => beta1;

    [PerStep]
    private static double Warmth(long step, [Hyper(0, Minimum = 0, Description = "steps over which the learning rate grows to its value")] double warmup) => step < warmup ? step / warmup : 1;

    [PerStep]
    private static double Rate(long step, double lr, double warmup) => lr * Warmth(step, warmup);

    [PerStep]
    private static double Inverse(long step, double lr) => lr > 0 ? 1 / lr : 0;

    /// <summary>The weight of the newest z in the average: the square of its rate among those of all.</summary>
    [PerStep]
    private static double Share(long step, double lr, double warmup, ref double total)
    {
        var rate = Rate(step, lr, warmup);
        total += rate * rate;
        return total > 0 ? rate * rate / total : 0;
    }
}
