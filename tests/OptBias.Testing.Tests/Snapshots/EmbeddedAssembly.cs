using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace OptBias.Testing.Tests;

/// <summary>An assembly whose symbols hold all of its sources, as <c>EmbedAllSources</c> makes them.</summary>
internal static class EmbeddedAssembly
{
    /// <param name="path">The assembly's file; the symbols lie beside it.</param>
    /// <param name="sources">Paths as the compiler sees them, and what they hold.</param>
    public static Assembly Load(string path, params (string Path, string Text)[] sources)
    {
        List<(string Path, SourceText Text)> texts = [.. sources.Select(source => (source.Path, SourceText.From(source.Text, Encoding.UTF8)))];
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            texts.Select(source => CSharpSyntaxTree.ParseText(source.Text, path: source.Path)),
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using (var assembly = File.Create(path))
        using (var symbols = File.Create(Path.ChangeExtension(path, ".pdb")))
        {
            var result = compilation.Emit(
                assembly,
                symbols,
                options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb, pdbFilePath: Path.ChangeExtension(path, ".pdb")),
                embeddedTexts: texts.Select(source => EmbeddedText.FromSource(source.Path, source.Text)));
            Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        }

        return new AssemblyLoadContext(Path.GetFileNameWithoutExtension(path)).LoadFromAssemblyPath(path);
    }
}
