using OptBias.Lab.Training;

namespace OptBias.Lab.Probes.Rules;

/// <summary>Which rules are probed: every declaration, and a few with other hyperparameters that theory speaks of. Only here have rules names.</summary>
public static class LineUp
{
    /// <summary>The declarations that <c>--quick</c> takes.</summary>
    private static readonly string[] Quick = ["Adam", "Lion", "Muon", "PowerPropSgd", "Sgd", "SgdMomentum", "Shampoo", "Soap"];

    /// <summary>Steepest descent in one norm each, in the order of the columns of the matrix margin.</summary>
    private static readonly string[] Geometries = ["SpectralDescent", "FrobeniusDescent", "SignDescent", "NuclearDescent", "L1Descent", "RowDescent", "ColumnDescent"];

    /// <summary>Whose weight changes the picture of spectra shows.</summary>
    private static readonly string[] InSpectra = ["Sgd", "Adam", "Shampoo", "Muon", "SpectralDescent", "NuclearDescent", "L1Descent"];

    /// <summary>What theory speaks of and no declaration is by itself.</summary>
    private static readonly (string Name, string Of, (string Hyperparameter, double Value)[] Changes)[] Variants =
    [
        ("Adam, β2 0.95", "Adam", [("beta2", 0.95)]),
        ("Adam, β2 0.95, ε 1e-8", "Adam", [("beta2", 0.95), ("eps", 1e-8)]),
    ];

    /// <summary>All declarations, steepest descent in each norm first, the others in the order of their names, variants after theirs.</summary>
    public static IReadOnlyList<ProbeRule> All(IOptimizerSource optimizers)
    {
        var names = optimizers.All.Select(o => o.Name).ToArray();
        return Of(optimizers, [.. Geometries.Where(names.Contains), .. names.Except(Geometries)]);
    }

    /// <summary>Eight well-known rules, and the variants of them.</summary>
    public static IReadOnlyList<ProbeRule> WellKnown(IOptimizerSource optimizers) => Of(optimizers, Quick);

    /// <summary>The declarations of these names, without variants.</summary>
    /// <exception cref="ArgumentException">Unknown, or named twice.</exception>
    public static IReadOnlyList<ProbeRule> Named(IOptimizerSource optimizers, IEnumerable<string> names)
    {
        var rules = names.Select(name => new ProbeRule(optimizers.Find(name).Name, optimizers.Find(name))).ToArray();
        var twice = rules.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? rules : throw new ArgumentException($"The optimizer {twice.Key} is named twice.");
    }

    /// <summary>Those of the rules whose spectra are shown.</summary>
    public static IReadOnlyList<ProbeRule> Spectra(IReadOnlyList<ProbeRule> rules) => [.. rules.Where(r => r.IsPlain && InSpectra.Contains(r.Optimizer.Name))];

    /// <summary>The rules in the blocks of a picture.</summary>
    public static IReadOnlyList<(string Heading, IReadOnlyList<ProbeRule> Rules)> Blocks(IReadOnlyList<ProbeRule> rules)
    {
        ProbeRule[] designed = [.. rules.Where(r => Geometries.Contains(r.Optimizer.Name))], others = [.. rules.Except(designed)];
        return designed.Length < 2 || others.Length == 0 ? [("", rules)] : [("Steepest descent in a norm, [Steepest(Norm.X)]", designed), ("Published optimizers", others)];
    }

    private static ProbeRule[] Of(IOptimizerSource optimizers, IEnumerable<string> names) =>
    [
        .. from name in names
           let optimizer = optimizers.Find(name)
           from rule in (IEnumerable<ProbeRule>)
           [
               new ProbeRule(optimizer.Name, optimizer),
               .. Variants.Where(v => v.Of == optimizer.Name).Select(v => new ProbeRule(v.Name, optimizer, v.Changes.ToDictionary(c => c.Hyperparameter, c => c.Value))),
           ]
           select rule,
    ];
}
