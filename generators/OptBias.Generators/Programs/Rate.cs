namespace OptBias.Generators.Programs;

/// <summary>How often a value changes within one step: what decides where it is computed.</summary>
internal enum Rate
{
    /// <summary>Never: a literal.</summary>
    Constant,

    /// <summary>Once for a group and step: hyperparameters, the step count, sums over all parameters. Computed on the host in double.</summary>
    Group,

    /// <summary>Once for a tensor and step: what depends on a sum over one tensor. Computed on the host in double.</summary>
    Tensor,

    /// <summary>For every element: computed in a pass over memory.</summary>
    Element,
}
