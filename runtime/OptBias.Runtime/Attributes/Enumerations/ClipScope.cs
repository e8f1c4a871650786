namespace OptBias;

/// <summary>Over what a <see cref="ClipByNormAttribute"/> takes its norm.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum ClipScope
{
    /// <summary>One norm over all parameters of all groups, as <c>clip_grad_norm_</c> does.</summary>
    Global,

    /// <summary>One norm for each parameter tensor.</summary>
    Tensor,
}
