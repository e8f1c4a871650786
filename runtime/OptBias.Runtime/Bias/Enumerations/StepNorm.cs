#if OPTBIAS_GENERATOR
namespace OptBias.Generators.Bias;
#else
namespace OptBias;
#endif

/// <summary>The norm in which a step has a bound that no gradient can exceed.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum StepNorm
{
    /// <summary>There is none: a larger gradient can make a larger step, or the declaration does not say.</summary>
    None,

    /// <summary>The largest absolute value of an element.</summary>
    Element,

    /// <summary>The largest singular value.</summary>
    Spectral,

    /// <summary>The square root of the sum of squares.</summary>
    Frobenius,

    /// <summary>The sum of the singular values.</summary>
    Nuclear,

    /// <summary>The sum of the absolute values of the elements.</summary>
    Sum,

    /// <summary>The largest length of a row.</summary>
    Row,

    /// <summary>The largest length of a column.</summary>
    Column,

    /// <summary>The Frobenius norm, in units of the parameter's own: a trust ratio sets it.</summary>
    ParameterLength,

    /// <summary>The Frobenius norm, which is that of another rule's step: a graft sets it.</summary>
    GraftedLength,
}
