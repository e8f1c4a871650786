namespace OptBias;

/// <summary>In what a checkpoint may differ from the optimizer that loads it. What is allowed is reported, never guessed: nothing is ever taken by its place.</summary>
[Flags]
public enum CheckpointDifferences
{
    /// <summary>Nothing: the file must be of the same class, the same program, the same parameters.</summary>
    None = 0,

    /// <summary>
    /// The declaration was edited or renamed. State and hyperparameters of equal name and shape are taken, others begin anew or are
    /// dropped. The state of a matrix stage is taken as a whole or not at all, and state in its coordinates with it.
    /// </summary>
    Declaration = 1,

    /// <summary>Parameters were added, removed, reshaped, moved to another group or cast to another dtype. Those of equal name and shape are taken, cast where the dtype differs.</summary>
    Parameters = 2,

    /// <summary>Parameters have names on one side only. They are taken in their order, each with its shape checked.</summary>
    ParameterNames = 4,
}
