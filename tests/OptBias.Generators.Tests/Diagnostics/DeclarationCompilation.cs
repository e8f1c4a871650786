using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Tests;

/// <summary>Source text as the compiler of a user sees it: with the runtime, the generator and the analyzers.</summary>
internal static class DeclarationCompilation
{
    /// <summary>Every assembly that this test can load, the runtime and TorchSharp among them.</summary>
    public static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>As the SDK compiles: CS1701 and CS1702 are off, since assemblies are unified by the runtime.</summary>
    public static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable,
        specificDiagnosticOptions: new Dictionary<string, ReportDiagnostic> { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress });

    /// <summary>Compiles source. A comment in it may say what the project says: the language version, unsafe code, aliases of a reference.</summary>
    public static CSharpCompilation Of(string source, string path = "Declarations.cs")
    {
        var parsing = CSharpParseOptions.Default;
        if (Setting(source, "<LangVersion>(.*?)<") is { } name && LanguageVersionFacts.TryParse(name, out var version))
            parsing = parsing.WithLanguageVersion(version);
        var aliases = Setting(source, "Aliases=\"(.*?)\"")?.Split(',');
        return CSharpCompilation.Create(
            "Declarations",
            [CSharpSyntaxTree.ParseText(source, parsing, path)],
            aliases is null ? References : References.Select(reference => reference.Display!.EndsWith("OptBias.Runtime.dll", StringComparison.Ordinal) ? reference.WithAliases(aliases) : reference),
            Options.WithAllowUnsafe(Setting(source, "<AllowUnsafeBlocks>(.*?)<") != "false"));
    }

    private static string? Setting(string source, string pattern) => Regex.Match(source, pattern) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The compilation with the generated half.</summary>
    public static Compilation Generate(CSharpCompilation compilation) => Run(compilation).Output;

    /// <summary>The compilation with the generated half, and what the generator itself reports.</summary>
    public static (Compilation Output, ImmutableArray<Diagnostic> Diagnostics) Run(CSharpCompilation compilation)
    {
        CSharpGeneratorDriver.Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        return (output, diagnostics);
    }

    /// <summary>What the analyzers say, in the order of the source. A crash of theirs is a failure of the test.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation)
    {
        var crashes = new List<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => crashes.Add(exception.ToString()), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers([new OptimizerDeclarationAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        Assert.Empty(crashes);
        return [.. diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)];
    }
}
