using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Commands;

/// <summary>What the command line works with: the studies and where optimizers come from.</summary>
/// <param name="Studies">The studies; the first is the main job.</param>
/// <param name="Optimizers">Where optimizers come from.</param>
public sealed record Laboratory(IReadOnlyList<Study> Studies, IOptimizerSource Optimizers)
{
    /// <summary>The studies of this project with the optimizers of OptBias.Optimizers.</summary>
    public static Laboratory Default => new(StudyCatalogue.All, DeclaredOptimizers.Default);

    /// <summary>Finds a study by name, ignoring case.</summary>
    /// <exception cref="ArgumentException">Unknown; the message names the nearest known one.</exception>
    public Study Find(string name) =>
        this.Studies.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"Unknown study '{name}'. {NearestName.Suggest(name, this.Studies.Select(s => s.Name))}Known: {string.Join(", ", this.Studies.Select(s => s.Name))}.");
}
