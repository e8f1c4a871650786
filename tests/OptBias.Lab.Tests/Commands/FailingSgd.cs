using OptBias.LinearAlgebra;

namespace OptBias.Lab.Tests.Commands;

/// <summary>Gradient descent that gives up in its fifth step, as a preconditioner does whose factor cannot be decomposed.</summary>
[Optimizer(LearningRate = 1e-2)]
[Elementwise(nameof(Scaled))]
public sealed partial class FailingSgd
{
    private static float Scaled(float update, float factor) => update * factor;

    [PerStep]
    private static double Factor(long step) => step < 5 ? 1 : throw new PreconditionerException("weight", "[0:1]", "the factor has no eigenvalues");
}
