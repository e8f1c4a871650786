namespace OptBias.Kernels;

/// <summary>One generated pass over memory. All of its text is static; the type is its name.</summary>
public unsafe interface IElementwisePass
{
    /// <summary>Computes what is the same for all elements of a tensor, in double.</summary>
    /// <param name="h">The group's hyperparameters.</param>
    /// <param name="t">The step, from 1.</param>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="sums">The sums that earlier passes gathered.</param>
    /// <param name="s">Receives the scalars.</param>
    static abstract void Scalars(ReadOnlySpan<double> h, long t, TensorShape shape, ReadOnlySpan<double> sums, Span<double> s);

    /// <summary>Carries the pass out on elements of one tensor.</summary>
    /// <param name="x">Addresses of the first elements of the pass's tensors.</param>
    /// <param name="s">The scalars.</param>
    /// <param name="sums">The pass's sums are added to these.</param>
    /// <param name="i">First element.</param>
    /// <param name="end">One past the last element.</param>
    /// <returns>The first element that is left.</returns>
    static abstract long Lanes<V>(nint* x, double* s, double* sums, long i, long end)
        where V : unmanaged, ILanes<V>;

    /// <summary>Carries the pass out on one parameter with TorchSharp operations.</summary>
    static abstract void TorchSharp(TensorRow x, ReadOnlySpan<double> s);
}
