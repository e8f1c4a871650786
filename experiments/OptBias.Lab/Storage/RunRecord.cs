namespace OptBias.Lab.Storage;

/// <summary>A finished trial as it is stored.</summary>
public sealed record RunRecord
{
    /// <summary>Name of its file without the extension.</summary>
    public required string Key { get; init; }

    /// <summary>What it was for: "tuning", "result", "comparison".</summary>
    public required string Phase { get; init; }

    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Everything else that defined it.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>When and how it diverged, or null for a run that came to its end.</summary>
    public string? Diverged { get; init; }

    /// <summary>Numbers by name; NaN where one could not be measured.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Curves and matrices.</summary>
    public required IReadOnlyList<Curve> Curves { get; init; }

    /// <summary>Seconds it took.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTime Finished { get; init; }

    /// <summary>Version of the laboratory with the commit, where it is known.</summary>
    public required string Version { get; init; }

    /// <summary>What computed it: libtorch, .NET, operating system, processor; null where that was not yet kept.</summary>
    public string? Machine { get; init; }

    /// <summary>Name of the study; null where that was not yet kept.</summary>
    public string? Study { get; init; }

    /// <summary><see cref="Storage.Manifest.Fingerprint"/> of the folder for which it ran; null where that was not yet kept.</summary>
    public string? Manifest { get; init; }

    /// <summary>Checksum of the file of tensors beside the run, <c>sha256:...</c>; null where it left none.</summary>
    public string? Artifact { get; init; }

    /// <summary>A metric; NaN where the run does not have it.</summary>
    public double Metric(string name) => this.Metrics.TryGetValue(name, out var value) ? value : double.NaN;

    /// <summary>A setting as a number; NaN where the run does not have it.</summary>
    public double Number(string setting) =>
        this.Settings.TryGetValue(setting, out var text) && double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}

/// <summary>A curve of a run.</summary>
/// <param name="Name">What it shows: "loss", "accuracy".</param>
/// <param name="Series">Which one of several: the task's number; empty for a single one.</param>
/// <param name="X">Positions.</param>
/// <param name="Y">Values, as many.</param>
public sealed record Curve(string Name, string Series, IReadOnlyList<double> X, IReadOnlyList<double> Y);
