using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>Many pieces of source in one compilation, each with a file of its own.</summary>
internal sealed class RandomProgram
{
    /// <summary>Documentation is half of the text, and other tests' business.</summary>
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.None);

    private readonly List<string> sources;
    private readonly CSharpCompilation compilation;

    public RandomProgram(IEnumerable<string> sources)
    {
        this.sources = [.. sources];
        this.compilation = CSharpCompilation.Create(
            "Random",
            [
                CSharpSyntaxTree.ParseText("global using System;\nglobal using OptBias;\n", Parsing, "Usings.cs"),
                .. this.sources.Select((source, k) => CSharpSyntaxTree.ParseText("#nullable enable\n" + source, Parsing, PathOf(k))),
            ],
            DeclarationCompilation.References,
            DeclarationCompilation.Options.WithOptimizationLevel(OptimizationLevel.Release));
    }

    /// <summary>
    /// Programs of these pieces without those over which the compiler itself fails, with neither generator nor analyzer at work:
    /// Roslyn 5.0 does on some records that are no C#.
    /// </summary>
    public static IEnumerable<RandomProgram> Bindable(IReadOnlyList<string> sources)
    {
        var program = new RandomProgram(sources);
        if (program.IsBindable())
            return [program];
        return sources.Count == 1 ? [] : sources.Chunk((sources.Count + 1) / 2).SelectMany(Bindable);
    }

    /// <summary>How many pieces there are.</summary>
    public int Count => this.sources.Count;

    /// <summary>What the analyzers say about each piece.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Diagnostic>>> DiagnosticsAsync()
    {
        var diagnostics = (await DeclarationCompilation.AnalyzeAsync(this.compilation)).ToLookup(diagnostic => diagnostic.Location.SourceTree!.FilePath);
        return [.. this.sources.Select((_, k) => (IReadOnlyList<Diagnostic>)[.. diagnostics[PathOf(k)]])];
    }

    /// <summary>The pieces with what is generated for them. A generator that fails is a failure of the test.</summary>
    public Compilation Generate()
    {
        var driver = CSharpGeneratorDriver.Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: Parsing).RunGeneratorsAndUpdateCompilation(this.compilation, out var output, out _);
        Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        return output;
    }

    /// <summary>Compiles and loads the pieces. An error, or a warning about generated code, is a failure of the test.</summary>
    public CompiledOptimizers Compile() => CompiledOptimizers.Load(this.Generate());

    private bool IsBindable()
    {
        try
        {
            _ = this.compilation.GetDiagnostics();
            return true;
        }
        catch (Exception failure) when (failure is AggregateException or NullReferenceException)
        {
            return false;
        }
    }

    private static string PathOf(int piece) => FormattableString.Invariant($"Piece{piece}.cs");
}
