using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Optimizers;
using OptBias.Testing;

namespace OptBias.Generators.Tests;

/// <summary>
/// The generator, run in the test over the sources of OptBias.Optimizers, writes what the compiler has compiled. The snapshots show the
/// compiled text and would not notice a change of the generator that this test is built with: mutation tests make such changes.
/// </summary>
public sealed class InProcessTests
{
    /// <summary>What the SDK imports.</summary>
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    [Fact]
    public void The_generator_writes_what_was_compiled()
    {
        var written = Generate(Directory.GetFiles(Folder(), "*.cs").Order(StringComparer.Ordinal).Select(path => (path, File.ReadAllText(path))));
        var compiled = OptimizerCatalogue.Of(typeof(AdamW).Assembly).All
            .SelectMany(optimizer => GeneratedCode.Of(optimizer.Type).Files)
            .Where(file => file.HintName.EndsWith(".g.cs", StringComparison.Ordinal))
            .ToDictionary(file => file.HintName, file => file.Text);
        Assert.Equal(compiled.Keys.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        foreach (var (hint, text) in compiled)
            Assert.Equal(text, written[hint]);
    }

    private static Dictionary<string, string> Generate(IEnumerable<(string Path, string Text)> sources)
    {
        var options = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose);
        var compilation = CSharpCompilation.Create(
            "OptBias.Optimizers",
            [CSharpSyntaxTree.ParseText(GlobalUsings, options), .. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, options, source.Path))],
            DeclarationCompilation.References.Where(reference => !reference.Display!.EndsWith("OptBias.Optimizers.dll", StringComparison.Ordinal)).ToImmutableArray(),
            DeclarationCompilation.Options);
        var result = CSharpGeneratorDriver.Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: options).RunGenerators(compilation).GetRunResult();
        Assert.Empty(result.Diagnostics);
        return result.Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "experiments", "OptBias.Optimizers");
}
