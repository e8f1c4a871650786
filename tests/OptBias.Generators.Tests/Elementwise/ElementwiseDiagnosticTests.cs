using System.Globalization;
using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Tests;

/// <summary>Every mistake in a per-element method has one diagnostic, at the node that is wrong.</summary>
public sealed class ElementwiseDiagnosticTests
{
    [Theory]
    [InlineData("foreach (var i in new int[3]) update += i; return update;", "foreach (var i in new int[3]) update += i;", "a loop")]
    [InlineData("for (;;) { }", "for (;;) { }", "a loop")]
    [InlineData("while (update > 1) update *= 0.5f; return update;", "while (update > 1) update *= 0.5f;", "a loop")]
    [InlineData("return MathF.Sin(update);", "MathF.Sin(update)", "a call of 'MathF.Sin'")]
    [InlineData("return MathF.Max(update, Other.Weight(gradient));", "Other.Weight(gradient)", "a call of 'Other.Weight'")]
    [InlineData("return (int)update;", "(int)update", "a conversion from 'float' to 'int'")]
    [InlineData("return Shared * update;", "Shared", "the field 'Shared', which is no constant")]
    [InlineData("return Shared = update;", "Shared", "an assignment to what is neither a local variable nor a parameter")]
    [InlineData("return Environment.TickCount * update;", "Environment.TickCount", "the property 'TickCount'")]
    [InlineData("switch (update) { default: return gradient; }", "switch (update) { default: return gradient; }", "a switch")]
    [InlineData("return update switch { > 0 => 1, _ => 0 };", "update switch { > 0 => 1, _ => 0 }", "a switch")]
    [InlineData("return update is > 0 and < 1 ? update : 0;", "update is > 0 and < 1", "a pattern")]
    [InlineData("if (float.IsNaN(update)) return 0; return update;", "float.IsNaN(update)", "a call of 'Single.IsNaN'")]
    [InlineData("update++; return update;", "update++", "'++' or '--' (write += 1)")]
    [InlineData("return update % 2;", "update % 2", "'update % 2'")]
    [InlineData("int n = 2; return n * update;", "n = 2", "a variable of type 'int'")]
    [InlineData("var s = MathF.Sign(update); return s;", "s = MathF.Sign(update)", "a variable of type 'int'")]
    [InlineData("return MathF.Sign(update) / 2;", "MathF.Sign(update) / 2", "the integer arithmetic 'MathF.Sign(update) / 2'")]
    [InlineData("ref float r = ref update; return r;", "r = ref update", "a reference to a variable")]
    [InlineData("throw new Exception();", "throw new Exception();", "an exception")]
    [InlineData("float F(float x) => x; return F(update);", "float F(float x) => x;", "a local function")]
    [InlineData("Func<float, float> f = x => x; return f(update);", "f = x => x", "a variable of type 'System.Func<float, float>'")]
    [InlineData("return gradient > 0 ? update = 1 : 2;", "update = 1", "an assignment in a part of an expression that is not always evaluated")]
    [InlineData("return gradient > 0 && (update = 1) > 0 ? 1 : 2;", "update = 1", "an assignment in a part of an expression that is not always evaluated")]
    [InlineData("return (float)(decimal)update;", "(decimal)update", "a conversion from 'float' to 'decimal'")]
    [InlineData("return new Random().NextSingle();", "new Random().NextSingle()", "a call of 'Random.NextSingle'")]
    [InlineData("return Generic(update);", "Generic(update)", "a call of 'Generic', which is generic or returns no float, double or bool")]
    [InlineData("return Twice(ref update, ref update);", "ref update", "one variable as two references")]
    [InlineData("return PerStepNumber(3) * update;", "PerStepNumber(3)", "a call of 'PerStepNumber' (it runs once a step: ask for it with a parameter 'perStepNumber')")]
    [InlineData("goto End; End: return update;", "goto End;", "'goto End;'")]
    [InlineData("return Undeclared(update);", "Undeclared(update)", "what does not compile")]
    [InlineData("return MathF.Log(update, 2);", "MathF.Log(update, 2)", "a call of 'MathF.Log'")]
    [InlineData("unsafe { return *(&update); }", "*(&update)", "'*(&update)'")]
    [InlineData("checked { return update + gradient; } ", null, null)]
    public async Task CSharp_without_a_translation_is_refused_where_it_stands(string body, string? marked, string? what)
    {
        var diagnostics = await Analyze($$"""
            [Optimizer, Elementwise(nameof(Rule))]
            public sealed partial class A
            {
                static float Shared;
                static float Rule(float update, float gradient) { {{body}} }
                static float Generic<T>(T x) => 1;
                static float Twice(ref float x, ref float y) => x + y;
                [PerStep] static double PerStepNumber(long step) => step;
            }
            public static class Other { public static float Weight(float x) => x; }
            """);
        if (marked is null)
        {
            Assert.Equal(["OB0008"], diagnostics.Select(diagnostic => diagnostic.Id));
            return;
        }

        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("OB0045", diagnostic.Id);
        Assert.StartsWith($"'Rule' contains {what}; ", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal(marked, Marked(diagnostic));
    }

    [Theory]
    [InlineData("OB0040", "Elementwise(\"Rul\")", "Elementwise(\"Rul\")", "static float Rule(float update) => update;")]
    [InlineData("OB0041", "Elementwise(nameof(Rule))", "Rule", "float Rule(float update) => update;")]
    [InlineData("OB0042", "Elementwise(nameof(Rule))", "Rule", "static int Rule(float update) => 1;")]
    [InlineData("OB0042", "Elementwise(nameof(Rule))", "Rule", "static float Rule<T>(float update) => update;")]
    [InlineData("OB0042", "Elementwise(nameof(Rule))", "Rule", "static float Rule(float update) => update; static float Rule(double update) => 1;")]
    [InlineData("OB0043", "Elementwise(nameof(Rule))", "gradient", "static float Rule(float update, int gradient) => update;")]
    [InlineData("OB0043", "Elementwise(nameof(Rule))", "gradient", "static float Rule(float update, in float gradient) => update;")]
    [InlineData("OB0043", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, out float x) { x = 1; return update; }")]
    [InlineData("OB0043", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, [Hyper(1)] ref float x) { x += 1; return x; }")]
    [InlineData("OB0044", "Elementwise(nameof(Rule))", "updat", "static float Rule(float updat) => updat;")]
    [InlineData("OB0044", "Elementwise(nameof(Rule))", "warmth", "static float Rule(float update, float warmth) => update * warmth; static double Warmth(long step) => step;")]
    [InlineData("OB0046", "Elementwise(nameof(Rule))", "Rule(update)", "static float Rule(float update) => update > 0 ? Rule(update) : 1;")]
    [InlineData("OB0046", "Elementwise(nameof(Rule))", "Rule(y)", "static float Rule(float update) => F(update); static float F(float y) => Rule(y);")]
    [InlineData("OB0047", "Elementwise(nameof(Rule))", "W", "static float Rule(float update, float w) => update * w; [PerStep] static float W(long step) => step;")]
    [InlineData("OB0047", "Elementwise(nameof(Rule))", "W", "static float Rule(float update, float w) => update * w; [PerStep] double W(long step) => step;")]
    [InlineData("OB0047", "Elementwise(nameof(Rule))", "W", "static float Rule(float update, float w) => update * w; [PerStep] static double W(int step) => step;")]
    [InlineData("OB0047", "Elementwise(nameof(Rule))", "betta", "static float Rule(float update, float w) => update * w; [PerStep] static double W(long step, double betta) => step;")]
    [InlineData("OB0042", "Elementwise(nameof(Rule))", "Total", "static float Rule(float update, float total) => update * total; [Sum] static int Total(float update) => 1;")]
    [InlineData("OB0042", "Elementwise(nameof(Rule))", "total", "static float Rule(float update, float total) => update * total; [Sum] static float Total(float update, float total) => update + total;")]
    [InlineData("OB0041", "Elementwise(nameof(Rule))", "Total", "static float Rule(float update, float total) => update * total; [Sum] float Total(float update) => update;")]
    [InlineData("OB0043", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, ref float x, float total) { x += total; return x; } [Sum] static float Total(ref float x) => x += 1;")]
    [InlineData("OB0044", "Elementwise(nameof(Rule))", "y", "static float Rule(float update, ref float x, float total) { x += total; return x; } [Sum] static float Total(float y) => y;")]
    [InlineData("OB0045", "Elementwise(nameof(Rule))", "MathF.Sin(update)", "static float Rule(float update, float total) => update * total; [Sum] static float Total(float update) => MathF.Sin(update);")]
    [InlineData("OB0047", "Diagonal(BetaSchedule = nameof(W))", "total", "[PerStep] static double W(long step, double total) => 0.9; [Sum] static float Total(float gradient) => gradient;")]
    [InlineData("OB0047", "Diagonal(BetaSchedule = nameof(W))", "W", "[PerStep] static double W(long step, ref double x) => x += 0.1;")]
    [InlineData("OB0047", "Elementwise(nameof(Rule))", "W", "static float Rule(float update, float w) => update * w; [PerStep] static double W(long step, ref double rows) => rows += 1;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, ref float x, float w) => x += update * w; [PerStep] static double W(long step, ref double x) => x += 1;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule))", "lr", "static float Rule(float update, [Hyper(1)] float lr) => update * lr;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule))", "maximize", "static float Rule(float update, [Hyper(1)] float maximize) => update * maximize;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule))", "@class", "static float Rule(float update, [Hyper(1)] float @class) => update * @class;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule))", "update", "static float Rule([Hyper(1)] float update) => update;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule))", "gradient", "static float Rule(ref float gradient) => gradient += 1;")]
    [InlineData("OB0048", "Elementwise(nameof(Rule)), Elementwise(nameof(Rule))", "Elementwise(nameof(Rule))", "static float Rule(float update, ref float x) => x += update;")]
    [InlineData("OB0018", "Momentum(0.9), Elementwise(nameof(Rule))", "Elementwise(nameof(Rule))", "static float Rule(float update, [Hyper(1)] float beta1) => update * beta1;")]
    [InlineData("OB0010", "Elementwise(nameof(Rule))", "Elementwise(nameof(Rule))", "static float Rule(float update, [Hyper(1, Maximum = 1, ExcludesMaximum = true)] float x) => update * x;")]
    [InlineData("OB0049", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, ref float x) { x = update; return update; }")]
    [InlineData("OB0049", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, ref float x) { x += update; return update; }")]
    [InlineData("OB0049", "Elementwise(nameof(Rule))", "x", "static float Rule(float update, ref float x) => update + x;")]
    public async Task A_mistake_around_the_method_is_reported_where_it_stands(string id, string stages, string marked, string members)
    {
        var diagnostic = Assert.Single(await Analyze($"[Optimizer, {stages}]\npublic sealed partial class A {{ {members} }}"));
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(marked, Marked(diagnostic));
    }

    [Theory]
    [InlineData("static float Rule(float updat) => updat;", "; did you mean 'update'?")]
    [InlineData("static float Rule(float gradiant) => gradiant;", "; did you mean 'gradient'?")]
    [InlineData("static float Rule(float update, float warmpth) => warmpth * update; [PerStep] static double Warmth(long step) => step;", "; did you mean 'warmth'?")]
    [InlineData("static float Rule(float update, float warmth) => warmth * update; static double Warmth(long step) => step;", "; 'Warmth' has neither [PerStep] nor [Sum]")]
    [InlineData("static float Rule(float zzzzzzzzzzzz) => zzzzzzzzzzzz;", "and no [PerStep] or [Sum] method has that name")]
    [InlineData("static float Rule(float update, float columms) => columms * update;", "; did you mean 'columns'?")]
    [InlineData("static float Rule(float update, float totl) => totl * update; [Sum] static float Total(float update) => update;", "; did you mean 'total'?")]
    public async Task A_misspelt_parameter_is_told_the_nearest(string members, string end)
    {
        var diagnostic = Assert.Single(await Analyze($"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A {{ {members} }}"));
        Assert.EndsWith(end, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methods_that_grow_without_end_are_refused()
    {
        // Each level calls the one below twice: 2³⁰ calls.
        var doubling = string.Concat(Enumerable.Range(1, 30).Select(i => $"static float F{i}(float x) => F{i - 1}(x) + F{i - 1}(x + 1);\n"));
        var diagnostic = Assert.Single(await Analyze($"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A {{ static float Rule(float update) => F30(update); static float F0(float x) => x; {doubling} }}"));
        Assert.Equal("OB0045", diagnostic.Id);
        Assert.Contains("calls", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        var deep = string.Join(" + ", Enumerable.Repeat("update", 400));
        Assert.Equal("OB0045", Assert.Single(await Analyze($"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A {{ static float Rule(float update) => {deep}; }}")).Id);
        var chain = string.Concat(Enumerable.Repeat("x = x * x + update;", 150));
        Assert.Equal("OB0045", Assert.Single(await Analyze($"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A {{ static float Rule(float update) {{ var x = update; {chain} return x; }} }}")).Id);
    }

    [Fact]
    public async Task A_method_in_another_part_of_the_class_is_found_and_its_mistakes_are_marked_there()
    {
        var compilation = DeclarationCompilation.Of("using OptBias;\n[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A;")
            .AddSyntaxTrees(Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText("partial class A { static float Rule(float update) => System.MathF.Sin(update); }", path: "Other.cs"));
        var diagnostic = Assert.Single(await DeclarationCompilation.AnalyzeAsync(compilation));
        Assert.Equal("System.MathF.Sin(update)", Marked(diagnostic));
        Assert.Same(compilation.SyntaxTrees.Last(), diagnostic.Location.SourceTree);
    }

    private static Task<System.Collections.Immutable.ImmutableArray<Diagnostic>> Analyze(string source) =>
        DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("using System;\nusing OptBias;\n" + source));

    private static string Marked(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
