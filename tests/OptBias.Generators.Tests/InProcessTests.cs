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
        global using OptBias;
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

    /// <summary>
    /// Every option of every stage, in the declarations that the runtime's tests run: its equations, its passes, and the hash of what a step does.
    /// A change of them here is a change of what a declaration means.
    /// </summary>
    [Fact]
    public Task Every_option_has_its_equations()
    {
        string[] files = ["TestDeclarations.cs", "StateDeclarations.cs", "../../OptBias.Generators.Tests/OptionDeclarations.txt"];
        var folder = Path.Combine(Folder(), "..", "..", "tests", "OptBias.Runtime.Tests", "Optimizers");
        var written = Generate(files.Select(file => (file, File.ReadAllText(Path.Combine(folder, file)))));
        var summaries = written.Where(file => file.Key.EndsWith(".g.cs", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => Summary(file.Key, file.Value));
        return Snapshot.Verify(new GeneratedCode([new GeneratedFile("Options.txt", string.Join("\n", summaries))]));
    }

    /// <summary>The name, the comment above the class, and the lines that say what a step is.</summary>
    private static string Summary(string name, string text)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).ToList();
        var comment = lines.SkipWhile(line => line != "/// <code>").Skip(1).TakeWhile(line => line != "/// </remarks>").Where(line => line != "/// </code>").Select(line => line[3..].Trim());
        var facts = lines.Where(line => line.StartsWith("Fingerprint = ", StringComparison.Ordinal) || line.StartsWith("Cost = ", StringComparison.Ordinal));
        return string.Join("\n    ", [name[..^".g.cs".Length], .. comment, .. facts]);
    }

    private static Dictionary<string, string> Generate(IEnumerable<(string Path, string Text)> sources)
    {
        var options = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose);
        var compilation = CSharpCompilation.Create(
            "OptBias.Optimizers",
            [CSharpSyntaxTree.ParseText(GlobalUsings, options), .. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, options, source.Path))],
            DeclarationCompilation.References,
            DeclarationCompilation.Options);
        var result = CSharpGeneratorDriver.Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: options).RunGenerators(compilation).GetRunResult();
        Assert.Empty(result.Diagnostics);
        return result.Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "experiments", "OptBias.Optimizers");
}
