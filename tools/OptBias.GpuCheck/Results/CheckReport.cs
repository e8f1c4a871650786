using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OptBias.GpuCheck.Benchmark;
using OptBias.GpuCheck.Devices;
using OptBias.GpuCheck.Parity;

namespace OptBias.GpuCheck.Results;

/// <summary>All that a check found, as it is written to <c>gpu-check.json</c>.</summary>
internal sealed record CheckReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Whether it was a dry run on the CPU, whose times mean nothing.</summary>
    public required bool DryRun { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTime Started { get; init; }

    /// <summary>Processor, runtime, libtorch.</summary>
    public required string Machine { get; init; }

    /// <summary>The GPU.</summary>
    public required string Device { get; init; }

    /// <summary>The folder of another libtorch, if one was named.</summary>
    public string? LibTorch { get; init; }

    /// <summary>PyTorch's version, or why there is none.</summary>
    public string PyTorch { get; init; } = "not asked for";

    /// <summary>What was looked for before anything was run.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The fused path against TorchSharp's operations.</summary>
    public IReadOnlyList<ParityResult> Parity { get; init; } = [];

    /// <summary>The measurements.</summary>
    public IReadOnlyList<WorkResult> Benchmark { get; init; } = [];

    /// <summary>The steps of the matrix family.</summary>
    public IReadOnlyList<MatrixResult> Matrices { get; init; } = [];

    /// <summary>The goals.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>Seconds that the check took.</summary>
    public double Seconds { get; init; }

    /// <summary>What the exit code says.</summary>
    public ExitCode Result =>
        this.Parity.Any(p => p.Outcome is ParityOutcome.Differs or ParityOutcome.OutOfTime) ? ExitCode.ParityFailed
        : !this.DryRun && (this.Goals.Any(g => g.Status == GoalStatus.Missed) || this.Benchmark.Any(b => b.Problem is not null) || this.Matrices.Any(m => m.Problem is not null)) ? ExitCode.GoalMissed
        : ExitCode.Fine;

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";

    /// <summary>Writes <c>gpu-check.json</c> and returns its path.</summary>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "gpu-check.json");
        File.WriteAllText(path, this.ToJson());
        return path;
    }
}
