namespace OptBias;

/// <summary>What a step does if a gradient has an element that is NaN or infinite.</summary>
public enum NonFiniteAction
{
    /// <summary>The step throws a <see cref="NonFiniteGradientException"/>, and nothing has changed: no parameter, no gradient, no state, no step count.</summary>
    Throw,

    /// <summary>The step does nothing but count itself in <see cref="DeclaredOptimizer.SkippedSteps"/>, as PyTorch's gradient scaler skips it.</summary>
    SkipStep,

    /// <summary>
    /// Gradients are not looked at, and the numbers go where the rule takes them: as in PyTorch, an element whose state has become NaN
    /// or infinite never learns again. Stages with Kronecker factors refuse such a gradient all the same, since it would spoil the
    /// whole matrix.
    /// </summary>
    Propagate,
}
