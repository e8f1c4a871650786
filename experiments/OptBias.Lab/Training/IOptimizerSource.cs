using System.Reflection;
using TorchSharp.Modules;

namespace OptBias.Lab.Training;

/// <summary>Where the laboratory gets its optimizers from.</summary>
public interface IOptimizerSource
{
    /// <summary>Finds an optimizer by name, ignoring case.</summary>
    /// <exception cref="ArgumentException">Unknown; the message names the nearest known one.</exception>
    OptimizerDescriptor Find(string name);

    /// <summary>Makes an optimizer.</summary>
    /// <param name="name">Its name, ignoring case.</param>
    /// <param name="parameters">What it trains.</param>
    /// <param name="hyperparameters">By name; those that are missing keep their default.</param>
    /// <exception cref="ArgumentException">Unknown optimizer or hyperparameter, or a value out of range.</exception>
    OptimizerHelper Create(string name, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, double> hyperparameters);

    /// <summary>All of them, in the order of their names.</summary>
    IReadOnlyCollection<OptimizerDescriptor> All { get; }
}

/// <summary>The declared optimizers of some assemblies.</summary>
/// <param name="assemblies">Assemblies with declarations; those of OptBias.Optimizers come with <see cref="Default"/>.</param>
public sealed class DeclaredOptimizers(params Assembly[] assemblies) : IOptimizerSource
{
    private readonly OptimizerCatalogue catalogue = OptimizerCatalogue.Of(assemblies);

    /// <summary>The optimizers of OptBias.Optimizers.</summary>
    public static DeclaredOptimizers Default { get; } = new(Assembly.Load("OptBias.Optimizers"));

    /// <inheritdoc />
    public IReadOnlyCollection<OptimizerDescriptor> All => this.catalogue.All;

    /// <inheritdoc />
    public OptimizerDescriptor Find(string name) => this.catalogue.Find(name);

    /// <inheritdoc />
    public OptimizerHelper Create(string name, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, double> hyperparameters) =>
        this.Find(name).Create(parameters, hyperparameters);
}
