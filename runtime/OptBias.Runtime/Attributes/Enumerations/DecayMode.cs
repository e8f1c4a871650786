namespace OptBias;

/// <summary>How a <see cref="WeightDecayAttribute"/> acts.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum DecayMode
{
    /// <summary><c>u ← u + λ θ</c>, where the attribute stands: Loshchilov and Hutter 2019.</summary>
    Decoupled,

    /// <summary><c>g ← g + λ θ</c>: the gradient of <c>λ/2 ‖θ‖²</c> joins the gradient of the loss right below the clips of the gradient that stand above the attribute, and before every other stage of the same coordinates.</summary>
    L2,

    /// <summary><c>θ ← (1 − η λ) θ</c> once the step has been taken, as in the reference SOAP.</summary>
    AfterStep,
}
