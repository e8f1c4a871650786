using System.Globalization;
using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>A study as somebody asked for it: the preset and what the command line changed.</summary>
public sealed record StudyPlan
{
    /// <summary>First seed of the tuning; results count from 1.</summary>
    public const int FirstTuningSeed = 1001;

    /// <summary>The preset.</summary>
    public required Preset Preset { get; init; }

    /// <summary>The methods that are compared.</summary>
    public required IReadOnlyList<Method> Methods { get; init; }

    /// <summary>The network.</summary>
    public required ModelSpecification Model { get; init; }

    /// <summary>Number of result seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>The kind of device, <c>cpu</c> or <c>cuda</c>: they round differently, so their runs do not share a folder.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Seeds of the results.</summary>
    public IReadOnlyList<int> ResultSeeds => [.. Enumerable.Range(1, this.Seeds)];

    /// <summary>Seeds of the tuning.</summary>
    public IReadOnlyList<int> TuningSeeds => [.. Enumerable.Range(FirstTuningSeed, this.Preset.TuningSeeds)];

    /// <summary>Makes a plan of names, as they stand on a command line or in a manifest.</summary>
    /// <param name="study">The study.</param>
    /// <param name="optimizers">Where optimizers come from.</param>
    /// <param name="preset">Name of the preset.</param>
    /// <param name="methods">Names of the methods; null or empty for the study's own.</param>
    /// <param name="model">The network; null for the study's own.</param>
    /// <param name="seeds">Number of result seeds; null for the preset's.</param>
    /// <exception cref="ArgumentException">An unknown name (the message names the nearest), or a number out of range.</exception>
    public static StudyPlan Of(Study study, IOptimizerSource optimizers, string preset, IReadOnlyList<string>? methods, ModelSpecification? model, int? seeds)
    {
        if (seeds is < 1 or >= FirstTuningSeed)
            throw new ArgumentException($"--seeds is {seeds}; give a number from 1 to {FirstTuningSeed - 1}.");
        var chosen = StudyCatalogue.FindPreset(study, preset);
        var names = methods is { Count: > 0 } ? methods : study.DefaultMethods(chosen);
        var network = model ?? study.DefaultModel;
        if (network.Kind.ReadsText != study.IsOfText)
            throw new ArgumentException($"The study {study.Name} is of {(study.IsOfText ? "text" : "images")}, and the model {network.Kind.Name} takes {(network.Kind.ReadsText ? "text" : "images")}.");
        var plan = new StudyPlan
        {
            Preset = chosen,
            Methods = [.. names.Select(name => study.Method(name, optimizers))
                .Select(m => m with { HighestRate = m.HighestRate * network.Kind.RateReach, Declarations = Declarations(m, optimizers) })],
            Model = network,
            Seeds = seeds ?? chosen.Seeds,
        };
        return plan.Methods.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new ArgumentException($"The optimizer {twice.Key} is named twice.")
            : plan;
    }

    /// <summary>The plan for data: networks take its images, and tell its classes apart.</summary>
    /// <param name="data">The data.</param>
    public StudyPlan On(IStudyData data) => this.On(data.Images);

    /// <summary>The plan for images; null leaves it as it is.</summary>
    /// <param name="images">What the images are; null for text.</param>
    public StudyPlan On(ImageFormat? images) => images is null ? this : this with { Model = this.Model with { Images = images } };

    /// <summary>A scenario on the images of this plan.</summary>
    /// <param name="scenario">The scenario.</param>
    public Tasks.Scenario Of(Tasks.Scenario scenario) => scenario with { Images = this.Model.Images };

    /// <summary>The learning rates of a method.</summary>
    public IReadOnlyList<double> Rates(Method method) => method.LearningRates(this.Preset.Rates);

    /// <summary>The manifest of the folder that holds the runs of this plan.</summary>
    /// <param name="study">The study.</param>
    /// <param name="data">Description of the data.</param>
    /// <param name="command">The command line that makes the same runs.</param>
    public Manifest Manifest(Study study, string data, string command)
    {
        var grid = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["preset"] = this.Preset.Description,
            ["model"] = this.Model.Name,
            ["seeds"] = Join(this.ResultSeeds),
            ["tuning seeds"] = Join(this.TuningSeeds),
            ["methods"] = string.Join(", ", this.Methods.Select(m => m.Name)),
        };
        // Folders from before there was a choice say nothing.
        if (this.Device != "cpu")
            grid["device"] = this.Device;
        foreach (var (name, value) in study.Grid(this))
            grid[name] = value;
        foreach (var method in this.Methods)
        {
            grid[$"method {method.Name}"] = string.Join("; ", method.Settings().Select(s => $"{s.Key} {s.Value}"))
                + $"; lr {string.Join(" ", this.Rates(method).Select(r => r.ToString("R", CultureInfo.InvariantCulture)))}";
        }

        return new()
        {
            Version = Environment.Version,
            Study = study.Name,
            Data = data,
            Grid = grid,
            Request = new(this.Preset.Name, [.. this.Methods.Select(m => m.Name)], this.Model.Name, this.Seeds, command, this.Device, this.Model.Images == ImageFormat.Digits ? null : this.Model.Images),
        };
    }

    private static string Join(IEnumerable<int> seeds) => string.Join(", ", seeds);

    private static SortedDictionary<string, string> Declarations(Method method, IOptimizerSource optimizers) =>
        new(method.Optimizers.ToDictionary(name => name, name => Fingerprint(optimizers.Find(name))), StringComparer.Ordinal);

    /// <summary>What the steps do, and the numbers that the declaration gives where a method names none.</summary>
    private static string Fingerprint(OptimizerDescriptor descriptor)
    {
        var text = descriptor.Fingerprint + string.Concat(descriptor.Hyperparameters.Select(h => FormattableString.Invariant($"\n{h.Name}={h.Default:R} {h.Range}")));
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];
    }
}
