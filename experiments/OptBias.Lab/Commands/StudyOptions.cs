using System.CommandLine;
using System.CommandLine.Completions;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Commands;

/// <summary>What defines the runs of a study, on the command line of all commands that make runs.</summary>
internal sealed class StudyOptions
{
    private readonly Argument<string> study;
    private readonly string? ownDeclarations;
    private readonly Option<string> preset = new("--preset") { DefaultValueFactory = _ => "quick", Description = "quick, standard or full." };
    private readonly Option<string[]> optimizers = new("--optimizers") { Description = "Optimizers instead of the study's own: A,B.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> seeds = new("--seeds") { Description = "Number of seeds of the results." };
    private readonly Option<string?> model = new("--model") { Description = "mlp, cnn or transformer, bytes for text; with a size if wanted: mlp-256x3." };
    private readonly Option<string?> data = new("--data") { Description = "Directory with IDX files (MNIST and its kin) or CIFAR's binary batches; for text with NAME-train.txt and NAME-test.txt. Default: $OPTBIAS_DATA, else the embedded data." };
    private readonly Option<string> device = new("--device") { DefaultValueFactory = _ => "cpu", Description = "Where networks and data live: cpu, cuda (the first GPU), cuda:1 ..." };
    private readonly Option<int?> jobs = new("--jobs") { Description = "Runs at the same time. Default: one for each core." };
    private readonly Option<string?> output = new("--out") { Description = "Folder of the results. Default: results/STUDY." };

    /// <summary>The options, with the first study as the default one.</summary>
    public StudyOptions(Laboratory laboratory)
    {
        this.study = new("study") { DefaultValueFactory = _ => laboratory.Studies[0].Name, Description = "The study; optbias list names them." };
        this.ownDeclarations = laboratory.OwnDeclarations;
        this.study.CompletionSources.Add(_ => laboratory.Studies.Select(known => new CompletionItem(known.Name, detail: known.Summary)));
        this.preset.CompletionSources.Add(laboratory.Studies.SelectMany(known => known.Presets).Select(known => known.Name).Distinct().ToArray());
        this.optimizers.CompletionSources.Add(_ => laboratory.Optimizers.All.Select(known => new CompletionItem(known.Name)));
        this.model.CompletionSources.Add(laboratory.Models.Select(known => known.Name).ToArray());
    }

    /// <summary>Gives the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withJobs">Whether the user says how many runs there are at the same time.</param>
    public void AddTo(Command command, bool withJobs = true)
    {
        command.Arguments.Add(this.study);
        foreach (var option in new Option[] { this.preset, this.optimizers, this.seeds, this.model, this.data, this.device, this.output })
            command.Options.Add(option);
        if (withJobs)
            command.Options.Add(this.jobs);
    }

    /// <summary>What the user gave.</summary>
    public RunOptions Read(ParseResult parsed) => new()
    {
        Study = parsed.GetRequiredValue(this.study),
        Preset = parsed.GetRequiredValue(this.preset),
        Optimizers = [.. (parsed.GetValue(this.optimizers) ?? []).SelectMany(o => o.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        Seeds = parsed.GetValue(this.seeds),
        Model = parsed.GetValue(this.model),
        Data = parsed.GetValue(this.data) ?? System.Environment.GetEnvironmentVariable("OPTBIAS_DATA"),
        Device = parsed.GetRequiredValue(this.device),
        Jobs = Checked("--jobs", parsed.GetResult(this.jobs) is null ? null : parsed.GetValue(this.jobs)),
        Output = parsed.GetValue(this.output),
        OwnDeclarations = this.ownDeclarations,
    };

    /// <summary>Whether the user chose the device.</summary>
    public bool HasDevice(ParseResult parsed) => parsed.GetResult(this.device) is { Implicit: false };

    /// <summary>A number of at least 1.</summary>
    /// <exception cref="ArgumentException">It is less.</exception>
    public static int? Checked(string option, int? value) => value is < 1 ? throw new ArgumentException($"{option} is {value}; give a number of at least 1.") : value;
}
