using OptBias.Lab.Studies;

namespace OptBias.Lab.Commands;

/// <summary>The options of <c>optbias run</c>.</summary>
internal sealed record RunOptions
{
    public required string Study { get; init; }

    public required string Preset { get; init; }

    public required IReadOnlyList<string> Optimizers { get; init; }

    public int? Seeds { get; init; }

    public string? Model { get; init; }

    public string? Data { get; init; }

    public required string Device { get; init; }

    public int? Jobs { get; init; }

    public string? Output { get; init; }

    public bool Fresh { get; init; }

    public bool Profile { get; init; }

    public string? TensorBoard { get; init; }

    /// <summary>Path of the assembly with declarations of the user's own.</summary>
    public string? OwnDeclarations { get; init; }

    /// <summary>The folder of the results.</summary>
    public string Folder(Study study) => this.Output ?? Path.Combine("results", study.Name);

    /// <summary>The command that makes the same runs, for the report. The name of the data's directory is enough: its hash stands beside it.</summary>
    public string CommandLine(Study study, StudyPlan plan) =>
        string.Join(' ', ["optbias", "run", .. (this with { OwnDeclarations = Path.GetFileName(this.OwnDeclarations) }).Words(study, plan, Path.GetFileName(Path.TrimEndingDirectorySeparator(this.Data ?? "")))]);

    /// <summary>The words of a command line that say which runs it makes.</summary>
    /// <param name="study">The study.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="data">The data's directory; empty for the embedded data.</param>
    public IReadOnlyList<string> Words(Study study, StudyPlan plan, string data)
    {
        var words = new List<string> { study.Name, "--preset", plan.Preset.Name };
        if (this.Optimizers.Count > 0)
            words.AddRange(["--optimizers", string.Join(",", plan.Methods.Select(m => m.Name))]);
        if (this.Seeds is not null)
            words.AddRange(["--seeds", $"{plan.Seeds}"]);
        if (this.Model is not null)
            words.AddRange(["--model", this.Model]);
        if (data.Length > 0)
            words.AddRange(["--data", data]);
        if (plan.Device != "cpu")
            words.AddRange(["--device", plan.Device]);
        if (this.OwnDeclarations is not null)
            words.AddRange([OwnAssembly.Option, this.OwnDeclarations]);
        return words;
    }
}
