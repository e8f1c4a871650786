namespace OptBias;

/// <summary>Which second-moment statistic a <see cref="DiagonalAttribute"/> keeps of the gradient.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum DiagonalStatistic
{
    /// <summary><c>v ← β₂ v + (1 − β₂) g²</c>: Adam, RMSprop.</summary>
    Ema,

    /// <summary><c>v ← v + g²</c>: Adagrad (Duchi et al. 2011). Takes no β₂.</summary>
    Sum,

    /// <summary><c>v ← β₂ v + (1 − β₂) g², v̂ ← max(v̂, v)</c>, the maximum taken over uncorrected v: AMSGrad (Reddi et al. 2018).</summary>
    Max,

    /// <summary><c>v ← max(β₂ v, |g| + ε)</c>, used as it is, without exponent: Adamax (Kingma and Ba 2015, section 7.1).</summary>
    Infinity,
}
