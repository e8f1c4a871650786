namespace OptBias;

/// <summary>Which parameters a <see cref="RouteAttribute"/> takes, by their shape.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum ParameterShape
{
    /// <summary>All.</summary>
    Any,

    /// <summary>Order at most 1: biases, gains, scalars.</summary>
    Vector,

    /// <summary>Order 2 and more: weight matrices, and convolution kernels as [out, rest].</summary>
    Matrix,

    /// <summary>Order 3 and more: convolution kernels.</summary>
    Kernel,
}
