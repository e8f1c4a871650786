namespace OptBias;

/// <summary>Whose step length a <see cref="GraftAttribute"/> takes. The grafted method sees the same update signal as the preconditioner above it.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum Grafting
{
    /// <summary>The signal itself.</summary>
    Sgd,

    /// <summary><c>u / (√v̂ + ε)</c>, <c>v</c> a bias-corrected EMA of g².</summary>
    Adam,

    /// <summary><c>u / (√v + ε)</c>, <c>v</c> an EMA of g² without bias correction.</summary>
    RmsProp,

    /// <summary><c>u / (√v + ε)</c>, <c>v</c> the sum of g².</summary>
    Adagrad,
}
