using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>A declaration that stands on several parts of its class would depend on the names of their files.</summary>
public sealed class DeclarationPartsTests
{
    [Theory]
    [InlineData("[Optimizer, Diagonal(0.999)] public sealed partial class A;", "[Momentum(0.9)] partial class A;", "Momentum(0.9)")]
    [InlineData("[Optimizer] public sealed partial class A;", "[Momentum(0.9)] partial class A; [Sign] partial class A;", "Sign")]
    [InlineData("[Optimizer, Momentum(0.9)] public sealed partial class A;", "[State(MasterWeights = true)] partial class A;", "State(MasterWeights = true)")]
    [InlineData("[Optimizer, Route(typeof(S), When = ParameterShape.Matrix)] public sealed partial class A; [Optimizer, Sign] public sealed partial class S;", "[Route(typeof(S))] partial class A;", "Route(typeof(S))")]
    [InlineData("partial class Outer { [Optimizer, Momentum(0.9)] public sealed partial class A; }", "partial class Outer { [Sign] partial class A; }", "Sign")]
    public async Task Stages_on_two_parts_are_an_error_whatever_the_files_are_called(string first, string second, string marked)
    {
        foreach (var files in new[] { (first, second), (second, first) })
        {
            var compilation = Of(files.Item1, files.Item2);
            var diagnostic = Assert.Single(await DeclarationCompilation.AnalyzeAsync(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            Assert.Equal("OB0007", diagnostic.Id);
            Assert.Equal(marked, diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
            Assert.Contains(DeclarationCompilation.Run(compilation).Diagnostics, error => error.Id == "OB0007");
        }
    }

    [Theory]
    [InlineData("[Optimizer, Diagonal(0.999)] public sealed partial class A;", "partial class A { public int Mine => 1; }")]
    [InlineData("[Optimizer] public sealed partial class A;", "[Momentum(0.9), Diagonal(0.9)] partial class A;")]
    [InlineData("[Optimizer, Elementwise(\"Rule\")] public sealed partial class A;", "[System.Serializable] partial class A { static float Rule(float update) => 2 * update; }")]
    public async Task Other_parts_may_hold_anything_else(string first, string second)
    {
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(Of(first, second)));
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Generate(Of(first, second))));
    }

    private static CSharpCompilation Of(string first, string second) =>
        DeclarationCompilation.Of("using OptBias;\n" + first, "A.cs").AddSyntaxTrees(CSharpSyntaxTree.ParseText("using OptBias;\n" + second, path: "B.cs"));
}
