using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptBias.Generators;
using OptBias.Generators.Diagnostics;

namespace OptBias.Testing;

public sealed partial class GeneratedCode
{
    /// <summary>What every project has, so that a test shows the declaration and nothing else.</summary>
    private const string GlobalUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.Linq;
        global using global::OptBias;
        """;

    /// <summary>Runs the generator and the analyzers over source text, in this process.</summary>
    /// <param name="source">
    /// C# with declarations. It sees every assembly that the test can load, and <c>System</c>, <c>System.Collections.Generic</c>,
    /// <c>System.Linq</c> and <c>OptBias</c> are imported.
    /// </param>
    /// <returns>The generated files and the kernels in them, what the analyzers say, and the errors of the compiler, in the order of the source.</returns>
    public static async Task<GeneratedCode> OfSourceAsync(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Declarations",
            [CSharpSyntaxTree.ParseText(GlobalUsings, path: "GlobalUsings.cs"), CSharpSyntaxTree.ParseText(source, path: "Source.cs")],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(new OptimizerGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        var run = Of(driver.GetRunResult());
        var analyzers = output.WithAnalyzers([new OptimizerDeclarationAnalyzer()]);
        var diagnostics = (await analyzers.GetAllDiagnosticsAsync().ConfigureAwait(false))
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || !diagnostic.Id.StartsWith("CS", StringComparison.Ordinal))
            .OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .ToList();

        // Errors of the generator are the analyzer's too, which knows the source around them.
        var others = run.Diagnostics.Where(diagnostic => !diagnostics.Exists(known => IsSame(known, diagnostic)));
        return new GeneratedCode(run.Files.SelectMany(WithKernels), [.. others, .. diagnostics]);
    }

    private static bool IsSame(Diagnostic one, Diagnostic other) =>
        one.Id == other.Id && one.Location.SourceSpan == other.Location.SourceSpan && one.Location.GetLineSpan().Path == other.Location.GetLineSpan().Path;

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ]);
}
