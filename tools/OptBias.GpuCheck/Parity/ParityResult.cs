namespace OptBias.GpuCheck.Parity;

/// <summary>What came out of a case.</summary>
internal sealed record ParityResult
{
    /// <summary>The optimizer.</summary>
    public required string Optimizer { get; init; }

    /// <summary>Type of parameters and gradients.</summary>
    public required string DType { get; init; }

    /// <summary>"Many" or "Large".</summary>
    public required string Sizes { get; init; }

    /// <summary>Whether it was run, and whether the two paths agree.</summary>
    public required ParityOutcome Outcome { get; init; }

    /// <summary>Largest difference of an element, as a share of its size.</summary>
    public double Largest { get; init; }

    /// <summary>What is allowed.</summary>
    public double Tolerance { get; init; }

    /// <summary>Elements above what is allowed.</summary>
    public long Above { get; init; }

    /// <summary>Elements compared.</summary>
    public long Elements { get; init; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; init; }

    /// <summary>Seconds, the compilation of kernels included.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it was not run, or what failed.</summary>
    public string? Problem { get; init; }
}

/// <summary>What became of a case.</summary>
internal enum ParityOutcome
{
    /// <summary>The paths agree.</summary>
    Agrees,

    /// <summary>They do not, or one of them failed.</summary>
    Differs,

    /// <summary>The device's fused path does not take the type.</summary>
    NotSupported,

    /// <summary>There was no time left.</summary>
    OutOfTime,
}
