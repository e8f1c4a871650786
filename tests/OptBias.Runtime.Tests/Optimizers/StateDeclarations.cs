namespace OptBias.Runtime.Tests;

/// <summary>State that is kept in all the ways that there are.</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(Precision = StatePrecision.BFloat16)]
public sealed partial class NarrowAdamW;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(Precision = StatePrecision.BFloat16, StochasticRounding = true, Seed = 7)]
public sealed partial class ChanceAdamW;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(MasterWeights = true)]
public sealed partial class MasterAdamW;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(Precision = StatePrecision.BFloat16, StochasticRounding = true, MasterWeights = true, Seed = -3)]
public sealed partial class NarrowMasterAdamW;

/// <summary>Descent by chance: without state.</summary>
[Optimizer]
[State(StochasticRounding = true)]
public sealed partial class ChanceSgd;

[Optimizer]
[State(StochasticRounding = true, Seed = 1)]
public sealed partial class OtherChanceSgd;

[Optimizer]
[State(MasterWeights = true)]
public sealed partial class MasterSgd;

[Optimizer]
[HeavyBall(0.9)]
[State(Precision = StatePrecision.BFloat16, StochasticRounding = true)]
public sealed partial class ChanceMomentum;

[Optimizer]
[Momentum(0.99, Interpolation = 0.9, BiasCorrection = false)]
[Sign]
[State(Precision = StatePrecision.BFloat16, MasterWeights = true)]
public sealed partial class NarrowMasterLion;

/// <summary>Several passes, a norm of the parameter, a nonlinear change of coordinates.</summary>
[Optimizer]
[PowerLaw(2.0)]
[Momentum(0.9)]
[TrustRatio]
[ClipByNorm(1.0)]
[State(Precision = StatePrecision.BFloat16, StochasticRounding = true, MasterWeights = true)]
public sealed partial class NarrowPower;

/// <summary>State that follows a basis as it turns, and steps of the master weights through a matrix stage.</summary>
[Optimizer]
[Momentum(0.9)]
[KroneckerBasis(0.9, UpdateEvery = 3)]
[Diagonal(0.99)]
[WeightDecay(0.1)]
[State(Precision = StatePrecision.BFloat16, MasterWeights = true)]
public sealed partial class NarrowSoap;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Factored = true)]
[State(Precision = StatePrecision.BFloat16)]
public sealed partial class NarrowFactored;
