namespace OptBias.Optimizers;

/// <summary>Muon as it is used: orthogonalised momentum for matrices, AdamW for the rest; Jordan et al. 2024.</summary>
[Optimizer]
[Route(typeof(MuonMatrix), When = ParameterShape.Matrix)]
[Route(typeof(AdamW))]
public sealed partial class Muon;
