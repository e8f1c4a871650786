using System.Reflection;

namespace OptBias;

/// <summary>The declared optimizers of an assembly, by name.</summary>
public sealed class OptimizerCatalogue
{
    private readonly SortedDictionary<string, OptimizerDescriptor> byName = new(StringComparer.OrdinalIgnoreCase);

    private OptimizerCatalogue(IEnumerable<OptimizerDescriptor> descriptors)
    {
        foreach (var descriptor in descriptors)
            this.byName.Add(descriptor.Name, descriptor);
    }

    /// <summary>The descriptors in the order of their names.</summary>
    public IReadOnlyCollection<OptimizerDescriptor> All => this.byName.Values;

    /// <summary>Collects the generated optimizers of the given assemblies.</summary>
    /// <param name="assemblies">Assemblies with classes that carry <see cref="OptimizerAttribute"/>.</param>
    public static OptimizerCatalogue Of(params Assembly[] assemblies) => new(
        from assembly in assemblies
        from type in assembly.GetTypes()
        where type.IsSubclassOf(typeof(DeclaredOptimizer)) && !type.IsAbstract
        let property = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where property is not null
        select (OptimizerDescriptor)property.GetValue(null)!);

    /// <summary>Finds an optimizer by its class name, ignoring case.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest known one and lists all.</exception>
    public OptimizerDescriptor Find(string name) => this.byName.TryGetValue(name, out var descriptor)
        ? descriptor
        : throw new ArgumentException(
            $"Unknown optimizer '{name}'. {NearestName.Suggest(name, this.byName.Keys)}Known: {string.Join(", ", this.byName.Keys)}.", nameof(name));
}
