namespace OptBias.GpuCheck;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CheckOptions
{
    /// <summary>Does everything in small on the CPU: checks the check.</summary>
    public bool DryRun { get; init; }

    /// <summary>Number of the GPU.</summary>
    public int Gpu { get; init; }

    /// <summary>Folder of another libtorch.</summary>
    public string? LibTorch { get; init; }

    /// <summary>Python with PyTorch.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>Folder for the JSON.</summary>
    public string Output { get; init; } = "results/gpu-check";

    /// <summary>Rounds of the benchmark.</summary>
    public int Rounds { get; init; } = 31;

    /// <summary>Optimizers to compare; all if empty.</summary>
    public IReadOnlyList<string> Optimizers { get; init; } = [];

    /// <summary>Whether the paths are compared.</summary>
    public bool Parity { get; init; } = true;

    /// <summary>Whether steps are measured.</summary>
    public bool Benchmark { get; init; } = true;
}
