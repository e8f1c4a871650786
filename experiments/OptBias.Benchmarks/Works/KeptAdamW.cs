namespace OptBias.Benchmarks.Works;

/// <summary>AdamW that keeps its state in bfloat16.</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(Precision = StatePrecision.BFloat16)]
public sealed partial class NarrowAdamW;

/// <summary>AdamW that rounds bfloat16 by chance.</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(Precision = StatePrecision.BFloat16, StochasticRounding = true)]
public sealed partial class StochasticAdamW;

/// <summary>AdamW that steps on float32 copies of its parameters.</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(MasterWeights = true)]
public sealed partial class MasterAdamW;

/// <summary>AdamW with all of it.</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.01)]
[State(Precision = StatePrecision.BFloat16, StochasticRounding = true, MasterWeights = true)]
public sealed partial class StochasticMasterAdamW;
