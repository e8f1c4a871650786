using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>
/// Ten thousand declarations made by chance: none crashes anything, and those with a mistake, and only they, have a
/// diagnostic. What is generated for them is compiled for the first batch only, since compiling takes most of the time.
/// </summary>
public sealed class RandomDeclarationTests
{
    private const int BatchSize = 500;

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Wrong_declarations_have_a_diagnostic_and_valid_ones_compile(int batch)
    {
        List<RandomDeclaration> declarations = [.. Enumerable.Range(batch * BatchSize, BatchSize).Select(RandomDeclaration.Make)];
        var compilation = DeclarationCompilation.Of($"using OptBias;\n{string.Concat(declarations.Select(declaration => declaration.Source))}");
        var run = CSharpGeneratorDriver.Create(new OptimizerGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _).GetRunResult();
        Assert.All(run.Results, result => Assert.Null(result.Exception));

        var errors = (await DeclarationCompilation.AnalyzeAsync(compilation))
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => ClassAt(diagnostic.Location))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(declarations, declaration => Assert.True(
            errors.Contains(declaration.Name) == (declaration.Mistake is not null),
            $"{declaration.Mistake ?? "valid"}:\n{declaration.Source}"));
        if (batch != 0)
            return;
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsOfWrongOne(diagnostic, errors)));
    }

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, 2)];

    /// <summary>
    /// The two paths are printed from one graph by two printers; what TorchSharp's operations do is the oracle. Without roots of
    /// Kronecker factors: those of four gradients are nearly singular, and make of a last bit what they like.
    /// </summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void The_fused_path_of_a_random_declaration_does_what_TorchSharps_operations_do(int sample)
    {
        List<RandomDeclaration> declarations = [.. Enumerable.Range(0, 100)
            .Select(k => RandomDeclaration.MakeValid(200_000 + (sample * 1000) + k))
            .Where(declaration => !declaration.Source.Contains("Kronecker", StringComparison.Ordinal))
            .Take(40)];
        var compiled = CompiledOptimizers.Of(string.Concat(declarations.Select(declaration => declaration.Source)));
        foreach (var declaration in declarations)
        {
            var descriptor = compiled.Descriptor(declaration.Name);
            var fused = Run(descriptor, Backend.Fused, sample);
            var oracle = Run(descriptor, Backend.TorchSharp, sample);
            var worst = fused.Zip(oracle, (a, b) => a.Equals(b) ? 0 : Math.Abs(a - b) / (Math.Abs(b) + 0.01)).Max();
            Assert.True(worst < 1e-7, $"The paths differ by {worst}:\n{declaration.Source}");
        }
    }

    /// <summary>A matrix and a vector after four steps.</summary>
    private static double[] Run(OptimizerDescriptor descriptor, Backend backend, int seed)
    {
        List<Parameter> parameters = [Make(seed, 6, 5), Make(seed + 1, 1, 13)];
        using var optimizer = descriptor.Create(parameters, new Dictionary<string, double>());
        optimizer.Backend = backend;
        for (var step = 0; step < 4; step++)
        {
            for (var k = 0; k < parameters.Count; k++)
                parameters[k].grad = torch.tensor(Tests.Samples.Normal(seed + 10 + (2 * step) + k, (int)parameters[k].NumberOfElements)).reshape(parameters[k].shape);
            optimizer.step();
        }

        var values = parameters.SelectMany(parameter => parameter.detach().reshape(-1).data<double>().ToArray()).ToArray();
        parameters.ForEach(parameter => parameter.Dispose());
        return values;
    }

    private static Parameter Make(int seed, int rows, int columns)
    {
        using var values = torch.tensor(Tests.Samples.Normal(seed, rows * columns));
        return new Parameter(rows == 1 ? values.clone() : values.reshape(rows, columns).clone());
    }

    private static string ClassAt(Location location) => location.SourceTree!.GetRoot().FindNode(location.SourceSpan)
        .FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.ClassDeclarationSyntax>()!.Identifier.Text;

    /// <summary>Whether the compiler complains in the part that stands in for what could not be generated.</summary>
    private static bool IsOfWrongOne(Diagnostic diagnostic, HashSet<string> wrong) =>
        diagnostic.Location.SourceTree is { } tree && wrong.Any(name => tree.FilePath.EndsWith($"/{name}.g.cs", StringComparison.Ordinal));
}
