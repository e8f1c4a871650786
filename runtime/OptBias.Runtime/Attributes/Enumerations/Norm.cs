namespace OptBias;

/// <summary>A norm of a matrix, by which <see cref="SteepestAttribute"/> chooses its step.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum Norm
{
    /// <summary>The square root of the sum of squares. The step is <c>u / ‖u‖</c>: normalized gradient descent.</summary>
    Frobenius,

    /// <summary>The sum of the singular values. The step is <c>u₁ v₁ᵀ</c>, of the largest singular value of u.</summary>
    Nuclear,

    /// <summary>The sum of the absolute values. The step is the largest element of u alone, as its sign: greedy coordinate descent.</summary>
    L1,

    /// <summary>The largest length of a row. The step is each row of u over its length.</summary>
    Rows,

    /// <summary>The largest length of a column. The step is each column of u over its length.</summary>
    Columns,
}
