using OptBias.Optimizers;

namespace OptBias.Lab.Tests.Probes;

/// <summary>A rule of your own: the sign of a slow average.</summary>
[Optimizer(LearningRate = 1e-3)]
[Momentum(0.95)]
[Sign]
public sealed partial class OwnSign;

/// <summary>Shampoo without a graft: its steps keep their own length.</summary>
[Optimizer]
[Momentum(0.9)]
[Kronecker(0.99, UpdateEvery = 10, Epsilon = 1e-10)]
public sealed partial class UngraftedShampoo;

/// <summary>A rule that has nothing for vectors.</summary>
[Optimizer]
[Route(typeof(MuonMatrix), When = ParameterShape.Matrix)]
public sealed partial class MatricesOnly;

/// <summary>A rule that leaves the finite numbers on every problem.</summary>
[Optimizer]
[Elementwise(nameof(Grow))]
public sealed partial class Exploding
{
    private static double Grow(double gradient, ref double last)
    {
        last = (last * 1e8) + gradient + 1;
        return last;
    }
}
