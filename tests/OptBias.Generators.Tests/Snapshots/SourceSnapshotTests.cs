using System.Globalization;
using OptBias.Optimizers;
using OptBias.Testing;

namespace OptBias.Generators.Tests;

/// <summary>Snapshots of source text: the generator runs in the test.</summary>
public sealed class SourceSnapshotTests
{
    [Fact]
    public Task A_declaration_with_a_mistake_is_stored_with_what_the_analyzers_say() => Snapshot.OfSource("""
        [Optimizer]
        [Momentum(1.0)]
        public sealed partial class Stuck;
        """);

    [Fact]
    public async Task Source_text_yields_what_was_compiled()
    {
        var compiled = GeneratedCode.Of(typeof(Sgd)).Files;
        Assert.Equal(["OptBias.Optimizers.Sgd.cu", "OptBias.Optimizers.Sgd.g.cs"], compiled.Select(file => file.HintName));
        var code = await GeneratedCode.OfSourceAsync("""
            namespace OptBias.Optimizers;

            [Optimizer(LearningRate = 0.01)]
            [WeightDecay(0.0, Mode = DecayMode.L2)]
            public sealed partial class Sgd;
            """);
        Assert.Empty(code.Diagnostics);
        Assert.Equal(compiled, code.Files);
    }

    [Fact]
    public async Task Errors_of_the_compiler_are_reported()
    {
        var code = await GeneratedCode.OfSourceAsync("[Optimizer] public sealed partial class A { Absent field; }");
        var diagnostic = Assert.Single(code.Diagnostics);
        Assert.Equal("CS0246", diagnostic.Id);
        Assert.Contains("Absent", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
