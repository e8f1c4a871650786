using System.Reflection;

namespace OptBias.Lab.Training;

/// <summary>Where the laboratory gets its optimizers from.</summary>
public interface IOptimizerSource
{
    /// <summary>Finds an optimizer by name, ignoring case.</summary>
    /// <exception cref="ArgumentException">Unknown; the message names the nearest known one.</exception>
    OptimizerDescriptor Find(string name);

    /// <summary>All of them, in the order of their names.</summary>
    IReadOnlyCollection<OptimizerDescriptor> All { get; }
}

/// <summary>The declared optimizers of some assemblies.</summary>
/// <param name="assemblies">Assemblies with declarations; those of OptBias.Optimizers come with <see cref="Default"/>.</param>
public sealed class DeclaredOptimizers(params Assembly[] assemblies) : IOptimizerSource
{
    private readonly OptimizerCatalogue catalogue = OptimizerCatalogue.Of(assemblies);

    /// <summary>The optimizers of OptBias.Optimizers, and the laboratory's controls.</summary>
    public static DeclaredOptimizers Default { get; } = With();

    /// <summary>The optimizers of OptBias.Optimizers, the laboratory's controls, and those of further assemblies.</summary>
    /// <param name="more">Assemblies with declarations of your own.</param>
    public static DeclaredOptimizers With(params Assembly[] more) => new([Assembly.Load("OptBias.Optimizers"), typeof(DeclaredOptimizers).Assembly, .. more]);

    /// <inheritdoc />
    public IReadOnlyCollection<OptimizerDescriptor> All => this.catalogue.All;

    /// <inheritdoc />
    public OptimizerDescriptor Find(string name) => this.catalogue.Find(name);
}
