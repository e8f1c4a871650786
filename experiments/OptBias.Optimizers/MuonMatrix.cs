namespace OptBias.Optimizers;

/// <summary>Muon for matrices, Jordan et al. 2024.</summary>
[Optimizer(LearningRate = 0.02)]
[Momentum(0.95, Nesterov = true, BiasCorrection = false)]
[Orthogonalize(Steps = 5)]
[ScaleByShape]
public sealed partial class MuonMatrix;
