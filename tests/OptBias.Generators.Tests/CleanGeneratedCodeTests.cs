using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>Whatever a user writes, the compiler complains about the user's text alone: never about the generated half.</summary>
public sealed class CleanGeneratedCodeTests
{
    public static TheoryData<string> LineEnds => ["\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"];

    /// <summary>The second line of such a description would be code: <c>#error</c>.</summary>
    [Theory]
    [MemberData(nameof(LineEnds))]
    public void A_description_may_have_lines(string end)
    {
        var text = "how much" + end + "  #error of it" + end;
        using var compiled = CompiledOptimizers.Load(Clean(Described(SymbolDisplay.FormatLiteral(text, quote: true))));
        Assert.Equal("how much #error of it", compiled.Descriptor("A").Hyperparameters[1].Description);
    }

    [Theory]
    [InlineData("\0\a\b\u001b")]
    [InlineData("\ud800")]
    [InlineData("\udc00 and \ud83d\ude00")]
    [InlineData("\ufffe\uffff\ufeff\u202e\u200b")]
    [InlineData("\"\"\" \\ </summary> ]]> -- */ {0} $ & \\u0022")]
    public void A_description_may_have_any_letters(string text)
    {
        using var compiled = CompiledOptimizers.Load(Clean(Described(SymbolDisplay.FormatLiteral(text, quote: true))));
        Assert.Equal(text, compiled.Descriptor("A").Hyperparameters[1].Description);
    }

    [Theory]
    [InlineData("Momentum(0.9, Name = \"m1\")", "Momentum(0.99, Name = \"m_1\")")]
    [InlineData("Momentum(0.9, Name = \"fast\")", "Momentum(0.99, Name = \"fast_\")")]
    [InlineData("Momentum(0.9, Name = \"a_b\")", "Momentum(0.99, Name = \"a__b\")")]
    [InlineData("Momentum(0.9, Name = \"_\")", "Momentum(0.99, Name = \"__\")")]
    [InlineData("Momentum(0.9, Name = \"_1\")", "Momentum(0.99, Name = \"__1\")")]
    [InlineData("Momentum(0.9, Name = \"aB\")", "Momentum(0.99, Name = \"a_B_\")")]
    [InlineData("HeavyBall(0.9, Name = \"h1\")", "HeavyBall(0.99, Name = \"h_1\", Dampening = 0.5)")]
    [InlineData("Momentum(0.9, Name = \"v1\")", "Diagonal(0.99, Name = \"v_1\")")]
    [InlineData("Kronecker(0.9, Name = \"k1\")", "Momentum(0.9, Name = \"k_1\")")]
    [InlineData("Diagonal(0.9, Name = \"u\")", "Graft(Grafting.Adam, Name = \"u_\")")]
    [InlineData("Elementwise(nameof(F), Name = \"f1\")", "Elementwise(nameof(F), Name = \"f_1\")")]
    public void Stages_may_have_names_that_differ_in_underscores_alone(string first, string second)
    {
        using var compiled = CompiledOptimizers.Load(Clean($$"""
            using OptBias;
            [Optimizer, {{first}}, {{second}}]
            public sealed partial class A { {{(first.StartsWith("Elementwise", StringComparison.Ordinal) ? "static float F(float update, ref float average, [Hyper(0.5)] float rate) => average = average + rate * (update - average);" : "")}} }
            """, ignore: "OB0049"));
        var names = compiled.Descriptor("A").Hyperparameters.Select(h => h.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.InRange(names.Count, 3, 9);
        var comparison = new PathComparison(compiled.Descriptor("A"), seed: 1);
        Assert.True(comparison.Difference <= comparison.Bound, comparison.Failure);
    }

    /// <summary>The user's code has said what it thinks of these at the place where it names them.</summary>
    [Theory]
    [InlineData("[Obsolete(\"use New\")]")]
    [InlineData("[Obsolete]")]
    [InlineData("[Obsolete(\"use New\", DiagnosticId = \"OLD1\")]")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"XP01\")]")]
    public void Obsolete_and_experimental_classes_and_methods_are_used_in_silence(string attribute)
    {
        var source = $$"""
            using System;
            using OptBias;
            namespace App;
            #pragma warning disable CS0612, CS0618, OLD1, XP01
            {{attribute}} [Optimizer, Momentum(0.9)] public sealed partial class Old;
            {{attribute}} public partial class Holder { [Optimizer, Sign] public sealed partial class Inner; [Optimizer, Route(typeof(Inner))] public sealed partial class Beside; }
            [Optimizer, Route(typeof(Old), When = ParameterShape.Matrix), Route(typeof(Holder.Inner))] public sealed partial class Mixed;
            [Optimizer, Elementwise(nameof(F)), Diagonal(BetaSchedule = nameof(Rate))]
            public sealed partial class Scheduled
            {
                static float F(float update, float warmth) => update * warmth;
                {{attribute}} [PerStep] static double Warmth(long step) => 1;
                {{attribute}} [PerStep] static double Rate(long step) => 0.5;
            }
            """;
        Clean(source);

        // What the user did not turn off stays on, in the user's own code.
        var loud = Compile(source.Replace("#pragma", "// #pragma", StringComparison.Ordinal)).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.NotEmpty(loud);
        Assert.All(loud, diagnostic => Assert.Equal("Declarations.cs", diagnostic.Location.SourceTree!.FilePath));
    }

    [Theory]
    [InlineData("[Obsolete(\"gone\", true)] [PerStep] static double Warmth(long step) => 1;", "OB0047")]
    [InlineData("[Obsolete(\"gone\", error: true)] [PerStep] static double Warmth(long step) => 1;", "OB0047")]
    public void What_nothing_can_silence_has_a_diagnostic_of_its_own(string member, string id)
    {
        var compilation = Compile($"using System;\nusing OptBias;\n[Optimizer, Elementwise(nameof(F))] public sealed partial class A {{ static float F(float update, float warmth) => update * warmth; {member} }}");
        AssertClean(compilation);
        Assert.Contains(id, Ids(compilation));
    }

    [Theory]
    [InlineData("public partial struct A;", "OB0004")]
    [InlineData("public partial struct A { }", "OB0004")]
    [InlineData("public readonly partial record struct A;", "OB0004")]
    [InlineData("public ref partial struct A;", "OB0004")]
    [InlineData("public partial interface A;", "OB0004")]
    [InlineData("public sealed partial record A;", "OB0004")]
    [InlineData("public static partial class A;", "OB0004")]
    [InlineData("public abstract partial class A;", "OB0004")]
    [InlineData("file sealed partial class A;", "OB0004")]
    [InlineData("public sealed partial class A(int x);", "OB0004")]
    [InlineData("public sealed class A;", "OB0001")]
    [InlineData("public struct A;", "OB0001")]
    [InlineData("public sealed partial class A<T>;", "OB0002")]
    [InlineData("public partial struct A<T>;", "OB0002")]
    public void A_type_of_the_wrong_kind_has_its_diagnostic_alone(string type, string id)
    {
        var compilation = Compile($"using OptBias;\n[Optimizer, Sign] {type}");
        AssertClean(compilation);
        Assert.Contains(id, Ids(compilation));
    }

    [Theory]
    [InlineData("public partial struct Outer")]
    [InlineData("public readonly partial record struct Outer")]
    [InlineData("public partial interface Outer")]
    [InlineData("public static partial class Outer")]
    [InlineData("public abstract partial record Outer")]
    public void A_type_of_any_kind_may_hold_an_optimizer(string outer) => Clean($"using OptBias;\n{outer} {{ [Optimizer, Sign] public sealed partial class A; }}");

    [Theory]
    [InlineData("13")]
    [InlineData("14")]
    [InlineData("latest")]
    public void Generated_code_is_CSharp_13(string version) => Clean($$"""
        // <LangVersion>{{version}}</LangVersion>
        using OptBias;
        [Optimizer, Momentum(0.9), Diagonal(0.99, Factored = true), ClipByNorm(1), State(Precision = StatePrecision.BFloat16)] public sealed partial class A { }
        [Optimizer, Kronecker(0.9), Graft(Grafting.Adam), WeightDecay(0.1)] public sealed partial class B { }
        [Optimizer, KroneckerBasis(0.9), Diagonal(0.9)] public sealed partial class C { }
        [Optimizer, Orthogonalize, ScaleByShape, Elementwise(nameof(F))] public sealed partial class D { static float F(float update, ref float x, [Hyper(1)] float a) => x = a * x + update; }
        [Optimizer, Route(typeof(D), When = ParameterShape.Matrix), Route(typeof(A), When = ParameterShape.Vector), Route(typeof(B))] public sealed partial class E { }
        """, ignore: "OB0049");

    [Theory]
    [InlineData("7.3")]
    [InlineData("8")]
    [InlineData("9")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("12")]
    public async Task An_older_language_has_one_diagnostic_that_names_the_oldest_that_will_do(string version)
    {
        var compilation = Compile($"// <LangVersion>{version}</LangVersion>\n[OptBias.Optimizer, OptBias.Momentum(0.9)] public sealed partial class A {{ }} [OptBias.Optimizer, OptBias.Route(typeof(A))] public sealed partial class B {{ }}");
        AssertClean(compilation);
        var diagnostics = await DeclarationCompilation.AnalyzeAsync(compilation);
        Assert.Equal(["OB0060", "OB0060"], diagnostics.Select(d => d.Id));
        Assert.Contains("needs C# 13.0", diagnostics[0].GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_unsafe_code_loops_have_a_diagnostic_and_so_has_what_routes_to_them()
    {
        var compilation = Compile("// <AllowUnsafeBlocks>false</AllowUnsafeBlocks>\nusing OptBias;\n[Optimizer, Momentum(0.9)] public sealed partial class A;\n[Optimizer, Route(typeof(A))] public sealed partial class B;");
        AssertClean(compilation);
        Assert.Equal(["OB0061", "OB0061"], Ids(compilation));
    }

    [Fact]
    public void A_composite_of_another_projects_optimizers_needs_no_unsafe_code() =>
        Clean("// <AllowUnsafeBlocks>false</AllowUnsafeBlocks>\nusing OptBias;\n[Optimizer, Route(typeof(OptBias.Optimizers.Lion), When = ParameterShape.Matrix), Route(typeof(OptBias.Optimizers.AdamW))] public sealed partial class B;");

    [Fact]
    public void A_reference_with_an_alias_alone_has_a_diagnostic()
    {
        var compilation = Compile("// Aliases=\"dsl\"\nextern alias dsl;\n[dsl::OptBias.Optimizer, dsl::OptBias.Momentum(0.9)] public sealed partial class A;");
        Assert.Equal(["OB0062"], Ids(compilation));
        AssertClean(compilation);
    }

    [Theory]
    [InlineData("my way")]
    [InlineData("1")]
    [InlineData("a\\nb")]
    public void A_route_has_a_name_that_can_be_part_of_others(string name)
    {
        var compilation = Compile($"using OptBias;\n[Optimizer, Sign] public sealed partial class A;\n[Optimizer, Route(typeof(A), When = ParameterShape.Matrix), Route(typeof(A), Name = \"{name}\")] public sealed partial class B;");
        AssertClean(compilation);
        Assert.Equal(["OB0019"], Ids(compilation));
    }

    private static string Described(string literal) =>
        $"using OptBias;\n[Optimizer, Elementwise(nameof(F))] public sealed partial class A {{ static float F(float update, [Hyper(0.5, Description = {literal})] float gamma) => update * gamma; }}";

    private static Compilation Compile(string source) => DeclarationCompilation.Generate(DeclarationCompilation.Of(source));

    /// <summary>A compilation without a complaint of the compiler, documentation included, or of the analyzers.</summary>
    private static Compilation Clean(string source, string? ignore = null)
    {
        var compilation = Compile(source);
        AssertClean(compilation);
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity >= DiagnosticSeverity.Warning);
        Assert.DoesNotContain(Ids(compilation), id => id != ignore);
        Assert.True(compilation.SyntaxTrees.Count() > 1, "Nothing was generated.");
        return compilation;
    }

    private static void AssertClean(Compilation compilation) => Assert.DoesNotContain(
        compilation.GetDiagnostics(), d => d.Severity >= DiagnosticSeverity.Warning && d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);

    private static IEnumerable<string> Ids(Compilation compilation) => DeclarationCompilation.AnalyzeAsync(compilation).GetAwaiter().GetResult().Select(d => d.Id);
}
