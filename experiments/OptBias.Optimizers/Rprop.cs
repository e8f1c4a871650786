namespace OptBias.Optimizers;

/// <summary>A step size for each element, from the signs of its gradients alone; Riedmiller and Braun 1993, as torch.optim.Rprop.</summary>
[Optimizer(LearningRate = 0.01)]
[Elementwise(nameof(Adapt))]
public sealed partial class Rprop
{
    /// <summary>Sizes are multiples of the learning rate, which is the first of them.</summary>
    private static double Adapt(
        double gradient, double isFirst, double smallest, double largest,
        [Hyper(0.5, Minimum = 0, Maximum = 1)] double shrink, [Hyper(1.2, Minimum = 1)] double grow, ref double size, ref double last)
    {
        var agreement = gradient * last;
        size = isFirst > 0 ? 1 : agreement > 0 ? grow * size : agreement < 0 ? shrink * size : size;
        size = Math.Clamp(size, smallest, largest);
        last = agreement < 0 ? 0 : gradient;
        return Math.Sign(last) * size;
    }

    [PerStep]
    private static double IsFirst(long step) => step == 1 ? 1 : 0;

    [PerStep]
    private static double Smallest(long step, double lr, [Hyper(1e-6, Minimum = 0)] double minimum) => minimum / lr;

    [PerStep]
    private static double Largest(long step, double lr, [Hyper(50, Minimum = 0)] double maximum) => maximum / lr;
}
