namespace OptBias;

/// <summary>Over what a <c>[Sum]</c> is taken.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum SumOver
{
    /// <summary>All elements of a parameter.</summary>
    Tensor,

    /// <summary>All elements of all parameters that are stepped, over groups; in a composite, of those that take the same route.</summary>
    AllParameters,

    /// <summary>The elements of each row: one sum for each row of the matrix [first dimension, all others]; a vector is one row.</summary>
    EachRow,

    /// <summary>The elements of each column of that matrix: one sum for each.</summary>
    EachColumn,
}
