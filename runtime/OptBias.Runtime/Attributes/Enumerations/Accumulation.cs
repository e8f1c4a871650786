namespace OptBias;

/// <summary>How a matrix statistic is accumulated.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum Accumulation
{
    /// <summary><c>L ← β L + (1 − β) G Gᵀ</c>, bias-corrected.</summary>
    Ema,

    /// <summary><c>L ← L + G Gᵀ</c>, started at ε I: Gupta, Koren and Singer 2018. Takes no β.</summary>
    Sum,
}
