using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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

    private static string ClassAt(Location location) => location.SourceTree!.GetRoot().FindNode(location.SourceSpan)
        .FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.ClassDeclarationSyntax>()!.Identifier.Text;

    /// <summary>Whether the compiler complains in the part that stands in for what could not be generated.</summary>
    private static bool IsOfWrongOne(Diagnostic diagnostic, HashSet<string> wrong) =>
        diagnostic.Location.SourceTree is { } tree && wrong.Any(name => tree.FilePath.EndsWith($"/{name}.g.cs", StringComparison.Ordinal));
}
