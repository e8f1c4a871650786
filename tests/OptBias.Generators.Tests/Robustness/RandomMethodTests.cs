using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>
/// Five thousand per-element methods made by chance: none crashes anything, those with a mistake have an error from the
/// catalogue and the others none; what is generated for the others compiles, and a sample of them does what the method does.
/// </summary>
public sealed class RandomMethodTests
{
    private const int BatchSize = 250;

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, 20)];

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Wrong_methods_have_a_diagnostic_and_valid_ones_compile(int batch)
    {
        List<RandomMethod> methods = [.. Enumerable.Range(batch * BatchSize, BatchSize).Select(RandomMethod.Make)];
        var wrong = Compilation(methods.Where(method => method.Mistake is not null));
        var run = CSharpGeneratorDriver.Create(new OptimizerGenerator()).RunGenerators(wrong).GetRunResult();
        Assert.All(run.Results, result => Assert.Null(result.Exception));
        var errors = await ErrorsAsync(wrong);
        Assert.All(methods.Where(method => method.Mistake is not null), method => Assert.True(errors.Contains(method.Name), $"{method.Mistake}:\n{method.Source}"));

        var valid = Compilation(methods.Where(method => method.Mistake is null));
        run = CSharpGeneratorDriver.Create(new OptimizerGenerator()).RunGeneratorsAndUpdateCompilation(valid, out var output, out _).GetRunResult();
        Assert.All(run.Results, result => Assert.Null(result.Exception));
        var complaints = output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && (d.Severity == DiagnosticSeverity.Error || IsGenerated(d.Location))).ToList();
        Assert.True(complaints.Count == 0, $"{complaints.Count}: {complaints.FirstOrDefault()}\n{Around(complaints.FirstOrDefault()?.Location)}");
        var refused = (await DeclarationCompilation.AnalyzeAsync(valid)).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(refused.Count == 0, $"{refused.Count}: {refused.FirstOrDefault()}\n{Around(refused.FirstOrDefault()?.Location)}");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_is_generated_does_what_the_method_does(int sample)
    {
        List<RandomMethod> methods = [.. Enumerable.Range(100_000 + (sample * 50), 50).Select(RandomMethod.MakeValid)];
        var compiled = CompiledOptimizers.Of(string.Concat(methods.Select(method => method.Source)));
        foreach (var method in methods)
        {
            var descriptor = compiled.Descriptor(method.Name);
            var oracle = new MethodOracle(compiled.Type(method.Name), "Rule", descriptor);
            foreach (var backend in new[] { Backend.Fused, Backend.TorchSharp })
            {
                var difference = oracle.Difference(descriptor, backend, Tests.Samples.Normal(sample, 37), Tests.Samples.Gradients(sample + 100, 37, 3));
                Assert.True(difference < 1e-7, $"{backend} differs by {difference}:\n{method.Source}");
            }
        }
    }

    private static CSharpCompilation Compilation(IEnumerable<RandomMethod> methods) =>
        DeclarationCompilation.Of($"using System;\nusing OptBias;\n{string.Concat(methods.Select(method => method.Source))}\nstatic class Other9 {{ public static double Weight(double x) => x; public static float Weight(float x) => x; }}\n");

    private static async Task<HashSet<string>> ErrorsAsync(CSharpCompilation compilation) => (await DeclarationCompilation.AnalyzeAsync(compilation))
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
        .Select(diagnostic => diagnostic.Location.SourceTree!.GetRoot().FindNode(diagnostic.Location.SourceSpan)
            .FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.ClassDeclarationSyntax>()!.Identifier.Text)
        .ToHashSet(StringComparer.Ordinal);

    private static bool IsGenerated(Location location) => location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    private static string Around(Location? location) => location?.SourceTree?.GetText().Lines[location.GetLineSpan().StartLinePosition.Line].ToString() ?? "";
}
