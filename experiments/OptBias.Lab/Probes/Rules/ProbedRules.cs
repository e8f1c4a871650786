using OptBias.Lab.Commands;

namespace OptBias.Lab.Probes.Rules;

/// <summary>The rules that a command line asks for.</summary>
internal static class ProbedRules
{
    /// <summary>Chooses them.</summary>
    /// <exception cref="ArgumentException">An unknown name, or an assembly that is none or declares no optimizer.</exception>
    public static IReadOnlyList<ProbeRule> Choose(Laboratory laboratory, IReadOnlyList<string> names, string? assembly, bool quick)
    {
        if (quick && (names.Count > 0 || assembly is not null))
            throw new ArgumentException("--quick chooses the optimizers; give either it or names.");
        if (assembly is null)
            return names.Count > 0 ? LineUp.Named(laboratory.Optimizers, names) : quick ? LineUp.WellKnown(laboratory.Optimizers) : LineUp.All(laboratory.Optimizers);
        var own = OwnAssembly.Load(assembly);
        if (names.Count == 0)
            return LineUp.Named(own, own.All.Select(o => o.Name));

        // A name of the assembly comes before a bundled one of the same name.
        return [.. names.Select(name => own.All.FirstOrDefault(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? laboratory.Optimizers.Find(name)).Select(o => new ProbeRule(o.Name, o))];
    }
}
