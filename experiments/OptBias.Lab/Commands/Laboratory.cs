using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Commands;

/// <summary>What the command line works with: the studies and where optimizers come from.</summary>
/// <param name="Studies">The studies; the first one runs when no study is named.</param>
/// <param name="Optimizers">Where optimizers come from.</param>
public sealed record Laboratory(IReadOnlyList<Study> Studies, IOptimizerSource Optimizers)
{
    /// <summary>The kinds of network that <c>--model</c> knows.</summary>
    public IReadOnlyList<ModelKind> Models { get; init; } = ModelKind.All;

    /// <summary>Path of the assembly with the user's own declarations; null if there is none.</summary>
    public string? OwnDeclarations { get; private init; }

    /// <summary>The user's own declarations alone; null if there are none.</summary>
    public IOptimizerSource? Own { get; private init; }

    /// <summary>The same with the declarations of an assembly; a name of the assembly comes before a bundled one.</summary>
    /// <param name="assembly">Path of the assembly; null for none.</param>
    /// <exception cref="ArgumentException">There is no such file, it is no assembly, or it declares no optimizer.</exception>
    public Laboratory With(string? assembly)
    {
        if (assembly is null)
            return this;
        var own = OwnAssembly.Load(assembly);
        return this with { Own = own, Optimizers = new OwnFirst(own, this.Optimizers), OwnDeclarations = Path.GetFullPath(assembly) };
    }

    /// <summary>The folders of <c>results</c> that hold runs of a study, in the order of the studies.</summary>
    public IReadOnlyList<string> Folders() => [.. this.Studies.Select(study => Path.Combine("results", study.Name)).Where(RunStore.IsIn)];

    /// <summary>The studies of this project with the optimizers of OptBias.Optimizers.</summary>
    public static Laboratory Default => new(StudyCatalogue.All, DeclaredOptimizers.Default);

    /// <summary>Finds a study by name, ignoring case.</summary>
    /// <exception cref="ArgumentException">Unknown; the message names the nearest known one.</exception>
    public Study Find(string name) =>
        this.Studies.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"Unknown study '{name}'. {NearestName.Suggest(name, this.Studies.Select(s => s.Name))}Known: {string.Join(", ", this.Studies.Select(s => s.Name))}.");

    /// <summary>Makes a plan of names, as they stand on a command line.</summary>
    /// <exception cref="ArgumentException">An unknown name (the message names the nearest), or a number out of range.</exception>
    public StudyPlan Plan(Study study, string preset, IReadOnlyList<string>? methods, string? model, int? seeds) =>
        StudyPlan.Of(study, this.Optimizers, preset, methods, model is null ? null : ModelSpecification.Parse(model, this.Models), seeds);

    /// <summary>Study and plan of a folder of results.</summary>
    /// <param name="store">The folder.</param>
    /// <exception cref="ArgumentException">The folder's study, methods or model are not known here.</exception>
    /// <exception cref="StorageException">The folder was written with another grid or by another version; the message says what differs.</exception>
    public (Study Study, StudyPlan Plan) Of(RunStore store)
    {
        var stored = store.Manifest;
        var study = this.Find(stored.Study);
        var request = stored.Request;
        var plan = (this.Plan(study, request.Preset, request.Methods, request.Model, request.Seeds) with { Device = request.Device }).On(request.Images);
        var differences = stored.DifferencesFrom(plan.Manifest(study, stored.Data, request.Command));
        return differences.Count == 0 ? (study, plan)
            : throw new StorageException($"{store.Directory} was written with another grid than this version's, so its runs cannot be read as one study. Run it anew with --fresh.\n  {string.Join("\n  ", differences)}");
    }
}
