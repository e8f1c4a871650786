namespace OptBias;

/// <summary>
/// Takes the direction of the preconditioner above and the length of another method's update d:
/// <c>u ← u · ‖d‖ / (‖u‖ + 1e-30)</c>, norms taken for each tensor.
/// </summary>
/// <param name="kind">Whose length.</param>
/// <remarks>Source: Agarwal et al. 2020 (arXiv 2002.11803).</remarks>
public sealed class GraftAttribute(Grafting kind) : StageAttribute
{
    /// <summary>Whose length.</summary>
    public Grafting Kind { get; } = kind;

    /// <summary>Default of the hyperparameter <c>graft_beta2</c>, in [0, 1). 0.999 unless set; Sgd and Adagrad have none.</summary>
    public double Beta { get; set; } = 0.999;

    /// <summary>Default of the hyperparameter <c>graft_eps</c>, in [0, ∞). 1e-8 unless set; Sgd has none.</summary>
    public double Epsilon { get; set; } = 1e-8;
}
