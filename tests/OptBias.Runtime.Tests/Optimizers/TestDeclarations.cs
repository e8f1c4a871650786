namespace OptBias.Runtime.Tests;

/// <summary>Compositions that no published optimizer has, to test the language itself.</summary>
[Optimizer]
[ClipByNorm(1.0)]
public sealed partial class Clipped;

[Optimizer]
[ClipByNorm(1.0, Scope = ClipScope.Tensor)]
[Momentum(0.9)]
[Diagonal(0.999)]
public sealed partial class ClippedAdam;

[Optimizer]
[ClipByValue(0.1)]
[HeavyBall(0.9, Dampening = 0.5)]
public sealed partial class ValueClipped;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, StartAt = 1_000_000)]
[Graft(Grafting.Adam, Beta = 0.99, Epsilon = 1e-8)]
public sealed partial class NeverShampoo;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.99, Epsilon = 1e-8)]
public sealed partial class PlainAdam;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6, UpdateEvery = 3, StartAt = 4)]
[Graft(Grafting.Sgd)]
public sealed partial class LateShampoo;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6)]
[Graft(Grafting.RmsProp)]
public sealed partial class RmsPropShampoo;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6)]
[Graft(Grafting.Adagrad)]
public sealed partial class AdagradShampoo;

[Optimizer]
[Diagonal(0.99, Centered = true, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
[WeightDecay(0.1, Mode = DecayMode.AfterStep)]
public sealed partial class CenteredRms;

[Optimizer]
[Diagonal(0.99, EpsilonPlacement = EpsilonPlacement.BeforeCorrection)]
[HeavyBall(0.9, Nesterov = true)]
public sealed partial class HatEpsilon;

[Optimizer]
[Diagonal(0.99, Exponent = 0.25)]
[Sign]
public sealed partial class QuarterSign;

[Optimizer]
[Momentum(0.9)]
[Momentum(0.99, Name = "Slow")]
public sealed partial class TwoMomenta;

[Optimizer]
[PowerLaw(3.0)]
[Momentum(0.9, Nesterov = true)]
[Diagonal(0.99)]
[WeightDecay(0.01)]
[WeightDecay(0.02, Mode = DecayMode.L2, Name = "Ridge")]
public sealed partial class CubicAdam;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.1)]
[ClipByNorm(0.5)]
public sealed partial class UpdateClipped;

[Optimizer]
[WeightDecay(0.1, Mode = DecayMode.AfterStep)]
public sealed partial class AfterStep;

[Optimizer]
[PowerLaw(2.0)]
[WeightDecay(0.5)]
public sealed partial class DecayedPower;
