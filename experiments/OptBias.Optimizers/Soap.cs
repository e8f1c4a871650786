namespace OptBias.Optimizers;

/// <summary>SOAP: Adam in Shampoo's eigenbasis, Vyas et al. 2024 (arXiv 2409.11321).</summary>
[Optimizer(LearningRate = 3e-3)]
[Momentum(0.95)]
[KroneckerBasis(0.95, UpdateEvery = 10)]
[Diagonal(0.95, Epsilon = 1e-8, EpsilonPlacement = EpsilonPlacement.BeforeCorrection)]
[WeightDecay(0.01, Mode = DecayMode.AfterStep)]
public sealed partial class Soap;
