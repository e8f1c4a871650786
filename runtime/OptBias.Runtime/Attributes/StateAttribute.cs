namespace OptBias;

/// <summary>
/// Says how an optimizer keeps what it remembers from step to step. It is no stage: it changes no equation, only how numbers are
/// rounded as they are stored. Without it, state has the type of the arithmetic (float32 for bfloat16 and float16 parameters too),
/// and parameters are rounded to the nearest number of their own type.
/// </summary>
/// <remarks>
/// It concerns state with a number for each element, such as momenta and second moments. The factors, roots and bases of matrix
/// stages, and factored statistics, stay in the type of the arithmetic. float64 parameters are kept as they are in any case.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class StateAttribute : Attribute
{
    /// <summary>The type of the state. <see cref="StatePrecision.Arithmetic"/> unless set.</summary>
    /// <remarks>
    /// An average that forgets slowly moves in each step by less than half of bfloat16's last place (1/256 of the number) and then
    /// stands still, if it is rounded to the nearest: with β above 0.99 or so, set <see cref="StochasticRounding"/> too.
    /// </remarks>
    public StatePrecision Precision { get; set; }

    /// <summary>
    /// Whether what is kept in bfloat16 (state, and parameters without master weights) is rounded up or down by chance, with the
    /// probabilities that make the expected value exact: small steps add up on average instead of being lost. Off unless set.
    /// float16 parameters are rounded to the nearest.
    /// </summary>
    /// <remarks>Gupta et al. 2015, "Deep Learning with Limited Numerical Precision"; Zamirai et al. 2020, "Revisiting BFloat16 Training".</remarks>
    public bool StochasticRounding { get; set; }

    /// <summary>
    /// Whether bfloat16 and float16 parameters have a copy in float32 that the steps are taken on; the parameter is the copy, rounded
    /// to the nearest. Off unless set. It costs 4 bytes for each element.
    /// </summary>
    /// <remarks>
    /// Micikevicius et al. 2018, "Mixed Precision Training". The copy is made with the optimizer, and saved and loaded with its state.
    /// What is written to the parameter by others in between, the next step overwrites.
    /// </remarks>
    public bool MasterWeights { get; set; }

    /// <summary>
    /// The seed of <see cref="StochasticRounding"/>. The same seed, step, parameter and element give the same random bits, on every
    /// path, device and number of threads. 0 unless set.
    /// </summary>
    public int Seed { get; set; }
}
