namespace OptBias.Optimizers;

/// <summary>Adadelta, Zeiler 2012 (arXiv 1212.5701): steps in units of the past steps, with the learning rate of <c>torch.optim.Adadelta</c>.</summary>
[Optimizer(LearningRate = 1.0)]
[Elementwise(nameof(Delta))]
[WeightDecay(0.0, Mode = DecayMode.L2)]
public sealed partial class Adadelta
{
    private static double Delta(
        double gradient,
        ref double squareAverage,
        ref double accumulatedDelta,
        [Hyper(0.9, Minimum = 0, Maximum = 1, Description = "decay rate of both averages")] double rho,
        [Hyper(1e-6, Minimum = 0, Description = "term added below both roots")] double eps)
    {
        squareAverage = (rho * squareAverage) + ((1 - rho) * gradient * gradient);
        var delta = Math.Sqrt(accumulatedDelta + eps) / Math.Sqrt(squareAverage + eps) * gradient;
        accumulatedDelta = (rho * accumulatedDelta) + ((1 - rho) * delta * delta);
        return delta;
    }
}
