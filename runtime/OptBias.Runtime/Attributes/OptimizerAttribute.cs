namespace OptBias;

/// <summary>
/// Declares that a partial class is an optimizer. The attributes below it say what it is; the generator writes the rest:
/// constructors, options, state, the fused update and its mathematics.
/// </summary>
/// <remarks>Without further attributes it is plain gradient descent, <c>θ ← θ − η g</c>.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class OptimizerAttribute : Attribute
{
    /// <summary>Default of the hyperparameter <c>lr</c>, the learning rate η, in [0, ∞). 1e-3 unless set.</summary>
    public double LearningRate { get; set; } = 1e-3;
}
