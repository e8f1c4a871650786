using Microsoft.CodeAnalysis;
using TorchSharp;
using TorchSharp.Modules;

namespace OptBias.Generators.Tests;

/// <summary>Constructors that a user writes beside the generated ones.</summary>
public sealed class ConstructorTests
{
    private const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing OptBias;\nusing TorchSharp.Modules;\n";

    /// <summary>Each of these would be the better match for some shorter or looser call.</summary>
    [Theory]
    [InlineData("public A(IEnumerable<Parameter> parameters, double lr, double beta1) : this(parameters, lr * 2, beta1, false) { }")]
    [InlineData("public A(IEnumerable<Parameter> parameters, double lr) : this(parameters, lr * 2, 0.9, false) { }")]
    [InlineData("public A(Parameter[] parameters, double lr, double beta1, bool maximize) : this((IEnumerable<Parameter>)parameters, lr * 2, beta1, maximize) { }")]
    [InlineData("public A(ParamGroup[] parameters, double lr, double beta1, bool maximize) : this((IEnumerable<ParamGroup>)parameters, lr * 2, beta1, maximize) { }")]
    [InlineData("public A(IEnumerable<Parameter> parameters, double lr, double beta1, bool maximize, int more = 0) : this(parameters, lr * 2, beta1, maximize) { }")]
    [InlineData("public A(object parameters, double lr, double beta1, bool maximize) : this((IEnumerable<Parameter>)parameters, lr * 2, beta1, maximize) { }")]
    [InlineData("public A(IEnumerable<Parameter> parameters, params double[] rest) : this(parameters, rest[0] * 2, rest[1], false) { }")]
    [InlineData("public A(IReadOnlyList<Parameter> parameters, in double lr, in double beta1, bool maximize = true) : this((IEnumerable<Parameter>)parameters, lr * 2, beta1, maximize) { }")]
    public void Create_takes_the_generated_one(string constructor)
    {
        using var compiled = CompiledOptimizers.Load(DeclarationCompilation.Generate(DeclarationCompilation.Of(
            $"{Usings}[Optimizer, Momentum(0.9)] public sealed partial class A {{ {constructor} }}")));
        using var parameter = new Parameter(torch.ones(2));
        using var optimizer = compiled.Descriptor("A").Create([parameter], new Dictionary<string, double> { ["lr"] = 0.1 });
        Assert.Equal(0.1, Assert.Single(optimizer.ParamGroups).LearningRate);
    }

    [Theory]
    [InlineData("Momentum(0.9)", "A(IEnumerable<Parameter> p, double a, double b, bool c) : this([new ParamGroup(p)], a, b, c) { }", "OB0063")]
    [InlineData("Momentum(0.9)", "A(IEnumerable<(string, Parameter)> p, double a, double b, bool c) : this([new ParamGroup(p)], a, b, c) { }", "OB0063")]
    [InlineData("Momentum(0.9)", "A(IEnumerable<ParamGroup> p, double a, double b, bool c) : this([], 1) { }", "OB0063")]
    [InlineData("Kronecker(0.9)", "A(IEnumerable<Parameter> p, double a, double b, double c, int d, bool e) : this(p, a) { }", "OB0063")]
    [InlineData("Sign", "required public string Purpose { get; init; }", "OB0064")]
    [InlineData("Sign", "public required int Purpose;", "OB0064")]
    public async Task What_the_generated_half_cannot_live_with_is_named_in_the_users_text(string stage, string member, string id)
    {
        var compilation = DeclarationCompilation.Of($"{Usings}[Optimizer, {stage}] public sealed partial class A {{ public {member.Replace("public ", "", StringComparison.Ordinal)} }}");
        Assert.Equal([id], (await DeclarationCompilation.AnalyzeAsync(compilation)).Select(d => d.Id));
        var generated = DeclarationCompilation.Generate(compilation);
        Assert.DoesNotContain(generated.GetDiagnostics(), d => d.Severity >= DiagnosticSeverity.Warning && d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("Momentum(0.9)", "A(IEnumerable<Parameter> p, double a, double b) : this(p, a, b, false) { }")]
    [InlineData("Momentum(0.9)", "A(IEnumerable<Parameter> p, double a, float b, bool c) : this(p, a) { }")]
    [InlineData("Momentum(0.9)", "A(List<Parameter> p, double a, double b, bool c) : this((IEnumerable<Parameter>)p, a, b, c) { }")]
    [InlineData("Momentum(0.9)", "A(IEnumerable<TorchSharp.Modules.ParamGroup> p, double a, double b, bool c) : this(p.SelectMany(g => g.Parameters), a, b, c) { }")]
    [InlineData("Kronecker(0.9)", "A(IEnumerable<Parameter> p, double a, double b, double c, double d, bool e) : this(p, a) { }")]
    public async Task Other_constructors_are_welcome(string stage, string constructor)
    {
        var compilation = DeclarationCompilation.Generate(DeclarationCompilation.Of($"{Usings}[Optimizer, {stage}] public sealed partial class A {{ public {constructor} }}"));
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(compilation));
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity >= DiagnosticSeverity.Warning);
    }
}
