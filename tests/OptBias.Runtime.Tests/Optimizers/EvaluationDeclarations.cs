namespace OptBias.Runtime.Tests;

/// <summary>An average in the coordinates of a power law: the point is carried back as a step is.</summary>
[Optimizer(LearningRate = 0.05)]
[PowerLaw(2.0)]
[HeavyBall(0.9)]
[Elementwise(nameof(Remember))]
[EvaluateAt(nameof(Average))]
public sealed partial class AveragedPowerProp
{
    private static double Remember(double update, double parameter, ref double mean)
    {
        mean = (0.5 * mean) + (0.5 * parameter);
        return update;
    }

    private static double Average(double mean) => mean;
}

/// <summary>A point that takes all that there is: hyperparameters, the shape, a number of the step, state of a stage with a name.</summary>
[Optimizer(LearningRate = 0.05)]
[Elementwise(nameof(Remember), Name = "Slow")]
[EvaluateAt(nameof(Mixed))]
[Sign]
public sealed partial class MixedPoint
{
    private static double Remember(double update, ref double last) => last = update;

    private static double Mixed(double parameter, double slowLast, double phase, double columns, [Hyper(0.25)] double share) =>
        ((1 - share) * parameter) + (share * slowLast) + (phase / columns);

    [PerStep]
    private static double Phase(long step, double lr) => lr / step;
}

/// <summary>An average that is kept beside narrow parameters with master weights.</summary>
[Optimizer(LearningRate = 0.05)]
[Elementwise(nameof(Remember))]
[EvaluateAt(nameof(Average))]
[State(MasterWeights = true)]
public sealed partial class AveragedMaster
{
    private static double Remember(double update, double parameter, ref double mean)
    {
        mean = (0.5 * mean) + (0.5 * parameter);
        return update;
    }

    private static double Average(double mean) => mean;
}

/// <summary>Matrices have a point, the rest has none.</summary>
[Optimizer]
[Route(typeof(AveragedPowerProp), When = ParameterShape.Matrix)]
[Route(typeof(OptBias.Optimizers.AdamW))]
public sealed partial class AveragedMatrices;
