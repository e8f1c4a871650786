using OptBias.Benchmarks.Measurement;

namespace OptBias.GpuCheck.Benchmark;

/// <summary>What was measured on one list of parameters.</summary>
internal sealed record WorkResult
{
    /// <summary>The generated step.</summary>
    public const string Generated = "generated AdamW";

    /// <summary>PyTorch's fused kernel.</summary>
    public const string PyTorchFused = "torch.optim.AdamW(fused=True)";

    /// <summary>PyTorch's operations over lists of tensors.</summary>
    public const string PyTorchForeach = "torch.optim.AdamW(foreach=True)";

    /// <summary>TorchSharp's own optimizer.</summary>
    public const string TorchSharp = "TorchSharp's AdamW";

    /// <summary>The time in which the device copies as many bytes as the step has to move.</summary>
    public const string Floor = "floor (copy on the device)";

    /// <summary>The list's name.</summary>
    public required string Work { get; init; }

    /// <summary>Tensors.</summary>
    public required int Tensors { get; init; }

    /// <summary>Elements of all of them.</summary>
    public required long Elements { get; init; }

    /// <summary>Bytes that a step has to read and write.</summary>
    public required long BytesMoved { get; init; }

    /// <summary>Bytes a second that the device's copy reads and writes, together.</summary>
    public double CopyBandwidth { get; init; }

    /// <summary>Seconds until a generated step returns, the device idle before it: what the host does for a step.</summary>
    public double HostSeconds { get; init; }

    /// <summary>Who was measured.</summary>
    public IReadOnlyList<ContenderResult> Contenders { get; init; } = [];

    /// <summary>Why nothing could be measured; null if something was.</summary>
    public string? Problem { get; init; }

    /// <summary>A contender by name; null if it was not measured.</summary>
    public Samples? Find(string name) => this.Contenders.FirstOrDefault(c => c.Name == name && c.Samples is not null)?.Samples;
}

/// <summary>A contender's times, or why there are none.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Samples">Seconds for one step, by round.</param>
/// <param name="Problem">Why it was not measured.</param>
internal sealed record ContenderResult(string Name, Samples? Samples, string? Problem = null);
