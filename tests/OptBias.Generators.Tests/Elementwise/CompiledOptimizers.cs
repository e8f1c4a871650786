using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Tests;

/// <summary>Declarations compiled with what is generated for them, and loaded: they can be run. Disposed of, they can be unloaded.</summary>
internal sealed class CompiledOptimizers : IDisposable
{
    private readonly AssemblyLoadContext context = new(name: null, isCollectible: true);
    private readonly Assembly assembly;

    private CompiledOptimizers(Stream stream) => this.assembly = this.context.LoadFromStream(stream);

    /// <summary>Compiles declarations; <c>System</c> and <c>OptBias</c> are imported.</summary>
    public static CompiledOptimizers Of(string source) => new RandomProgram([source]).Compile();

    /// <summary>Loads a compilation with its generated half, of which nothing is complained about.</summary>
    public static CompiledOptimizers Load(Compilation compilation)
    {
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream);
        var complaints = emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && IsGenerated(d.Location))).ToList();
        Assert.True(complaints.Count == 0, string.Join("\n", complaints.Take(5).Select(complaint => $"{complaint}\n{LineAt(complaint.Location)}")));
        stream.Position = 0;
        return new CompiledOptimizers(stream);
    }

    /// <summary>A class by its name in metadata.</summary>
    public Type Type(string name) => this.assembly.GetType(name, throwOnError: true)!;

    public OptimizerDescriptor Descriptor(string name) =>
        (OptimizerDescriptor)this.Type(name).GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    public void Dispose() => this.context.Unload();

    private static bool IsGenerated(Location location) => location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    private static string LineAt(Location location) =>
        location.SourceTree?.GetText().Lines[location.GetLineSpan().StartLinePosition.Line].ToString() ?? "";
}
