using OptBias.Optimizers;

namespace OptBias.Generators.Tests;

/// <summary>Optimizers that share a name in one catalogue: they are told apart by their namespaces.</summary>
public sealed class CatalogueTests
{
    private const string Source = "namespace Mine { [Optimizer, Momentum(0.9)] public sealed partial class AdamW; [Optimizer] public sealed partial class Own; public static partial class In { [Optimizer, Sign] public sealed partial class Own; } }";

    [Fact]
    public void A_name_that_two_have_is_full_in_the_list_and_asks_which_one_is_meant()
    {
        using var compiled = CompiledOptimizers.Of(Source);
        var catalogue = OptimizerCatalogue.Of(compiled.Type("Mine.AdamW").Assembly, typeof(AdamW).Assembly);
        Assert.Equal(["Mine.AdamW", "Mine.In.Own", "Mine.Own", "OptBias.Optimizers.AdamW"], catalogue.All.Select(d => d.Name).Where(name => name.Contains('.', StringComparison.Ordinal)));
        Assert.Equal(catalogue.All.Count, catalogue.All.Select(d => d.Name).Distinct().Count());
        Assert.Same(typeof(AdamW), catalogue.Find("optbias.optimizers.adamw").Type);
        Assert.Equal("Mine.AdamW", catalogue.Find("Mine.AdamW").Type.FullName);
        Assert.Equal("Mine.In+Own", catalogue.Find("Mine.In.Own").Type.FullName);
        Assert.Same(typeof(Lion), catalogue.Find("lion").Type);
        Assert.Same(typeof(Lion), catalogue.Find("OptBias.Optimizers.Lion").Type);

        var message = Assert.Throws<ArgumentException>(() => catalogue.Find("adamw")).Message;
        Assert.StartsWith("Several optimizers are called 'adamw'. Say which: Mine.AdamW, OptBias.Optimizers.AdamW.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_that_is_given_twice_counts_once() =>
        Assert.Equal(OptimizerCatalogue.Of(typeof(AdamW).Assembly).All.Count, OptimizerCatalogue.Of(typeof(AdamW).Assembly, typeof(AdamW).Assembly).All.Count);

    [Fact]
    public void Names_that_differ_in_case_alone_are_found_as_they_are_written()
    {
        using var compiled = CompiledOptimizers.Of("[Optimizer, Sign] public sealed partial class Rule; [Optimizer] public sealed partial class RULE;");
        var catalogue = OptimizerCatalogue.Of(compiled.Type("Rule").Assembly);
        Assert.Equal("RULE", catalogue.Find("RULE").Type.Name);
        Assert.Equal("Rule", catalogue.Find("Rule").Type.Name);
        Assert.Contains("RULE, Rule", Assert.Throws<ArgumentException>(() => catalogue.Find("rule")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_one_full_name_are_told_apart_by_their_assemblies()
    {
        const string source = "namespace Same { [OptBias.Optimizer, OptBias.Sign] public sealed partial class Rule; }";
        using var one = CompiledOptimizers.Of(source);
        using var other = CompiledOptimizers.Load(DeclarationCompilation.Generate(DeclarationCompilation.Of(source)));
        var catalogue = OptimizerCatalogue.Of(one.Type("Same.Rule").Assembly, other.Type("Same.Rule").Assembly);
        Assert.Equal(["Same.Rule, Declarations", "Same.Rule, Random"], catalogue.All.Select(d => d.Name));
        Assert.Same(one.Type("Same.Rule"), catalogue.Find("Same.Rule, Random").Type);
        Assert.Contains("Same.Rule, Declarations, Same.Rule, Random", Assert.Throws<ArgumentException>(() => catalogue.Find("Same.Rule")).Message, StringComparison.Ordinal);
    }
}
