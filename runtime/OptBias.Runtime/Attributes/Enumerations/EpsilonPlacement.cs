namespace OptBias;

/// <summary>Where ε stands in the denominator of a <see cref="DiagonalAttribute"/> with exponent p.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum EpsilonPlacement
{
    /// <summary><c>v̂ᵖ + ε</c>, v̂ bias-corrected: Adam as in PyTorch.</summary>
    AfterRoot,

    /// <summary><c>(v̂ + ε)ᵖ</c>: Adadelta, and RMSprop as in TensorFlow.</summary>
    InsideRoot,

    /// <summary><c>(vᵖ + ε) / (1 − β₂ᵗ)ᵖ</c>: ε is added to the root of the uncorrected statistic, as in Kingma and Ba 2015, section 2 ("ε-hat"), and in the reference SOAP.</summary>
    BeforeCorrection,

    /// <summary><c>v̂ᵖ</c> with <c>g² + ε</c> in the place of g² in the statistic: Adafactor (Shazeer and Stern 2018, algorithm 4).</summary>
    InsideStatistic,
}
