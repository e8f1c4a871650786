using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OptBias;

/// <summary>The declared optimizers of an assembly, by name.</summary>
public sealed class OptimizerCatalogue
{
    private readonly List<OptimizerDescriptor> all;

    private OptimizerCatalogue(IEnumerable<OptimizerDescriptor> descriptors) => this.all =
    [
        .. descriptors
            .GroupBy(descriptor => descriptor.Name, StringComparer.OrdinalIgnoreCase)
            .SelectMany(group => group.Count() == 1 ? group : group.Select(descriptor => descriptor with { Name = FullName(descriptor.Type, group) }))
            .OrderBy(descriptor => descriptor.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(descriptor => descriptor.Name, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The descriptors in the order of their names. Of optimizers that share a name the names are full: <c>My.AdamW</c> and
    /// <c>OptBias.Optimizers.AdamW</c>.
    /// </summary>
    public IReadOnlyCollection<OptimizerDescriptor> All => this.all;

    /// <summary>Collects the generated optimizers of the given assemblies.</summary>
    /// <param name="assemblies">Assemblies with classes that carry <see cref="OptimizerAttribute"/>.</param>
    [RequiresUnreferencedCode("A trimmed program keeps only the optimizers that its own code names; others would be missing from the catalogue. Take Descriptor of the classes themselves.")]
    public static OptimizerCatalogue Of(params Assembly[] assemblies) => new(
        from assembly in assemblies.Distinct()
        from type in assembly.GetTypes()
        where type.IsSubclassOf(typeof(DeclaredOptimizer)) && !type.IsAbstract
        let property = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where property is not null
        select (OptimizerDescriptor)property.GetValue(null)!);

    /// <summary>Finds an optimizer by its class name, with its namespace or without, ignoring case.</summary>
    /// <exception cref="ArgumentException">
    /// There is none, and the message names the nearest known one and lists all; or there are several, and the message lists their full names.
    /// </exception>
    public OptimizerDescriptor Find(string name)
    {
        List<OptimizerDescriptor> found = [.. this.all.Where(descriptor => IsCalled(descriptor, name, StringComparison.OrdinalIgnoreCase))];
        if (found.Count > 1 && found.Where(descriptor => IsCalled(descriptor, name, StringComparison.Ordinal)).ToList() is { Count: 1 } exact)
            found = exact;
        if (found.Count > 1)
            throw new ArgumentException($"Several optimizers are called '{name}'. Say which: {string.Join(", ", found.Select(descriptor => descriptor.Name))}.", nameof(name));
        return found.Count == 1 ? found[0] : throw new ArgumentException(
            $"Unknown optimizer '{name}'. {NearestName.Suggest(name, this.all.Select(descriptor => descriptor.Name))}Known: {string.Join(", ", this.all.Select(descriptor => descriptor.Name))}.", nameof(name));
    }

    private static bool IsCalled(OptimizerDescriptor descriptor, string name, StringComparison comparison) =>
        string.Equals(descriptor.Name, name, comparison) || string.Equals(descriptor.Type.Name, name, comparison) || string.Equals(FullName(descriptor.Type), name, comparison);

    private static string FullName(Type type) => type.FullName!.Replace('+', '.');

    /// <summary>With the assembly's name where the full one does not tell it from the others.</summary>
    private static string FullName(Type type, IEnumerable<OptimizerDescriptor> others) => others.Count(other => FullName(other.Type) == FullName(type)) > 1
        ? $"{FullName(type)}, {type.Assembly.GetName().Name}"
        : FullName(type);
}
