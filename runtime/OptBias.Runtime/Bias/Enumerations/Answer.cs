#if OPTBIAS_GENERATOR
namespace OptBias.Generators.Bias;
#else
namespace OptBias;
#endif

/// <summary>Whether a property holds.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum Answer
{
    /// <summary>The declaration does not say.</summary>
    Unknown,

    /// <summary>It does not hold: there are gradients for which it fails.</summary>
    No,

    /// <summary>It holds for all gradients.</summary>
    Yes,
}
