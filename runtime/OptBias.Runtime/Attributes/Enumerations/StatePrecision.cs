namespace OptBias;

/// <summary>The type in which an optimizer keeps its state.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum StatePrecision
{
    /// <summary>The type of the arithmetic: float64 for float64 parameters, else float32.</summary>
    Arithmetic,

    /// <summary>bfloat16 where the arithmetic is float32: half the memory, 8 significant bits. float64 parameters keep float64 state.</summary>
    BFloat16,
}
