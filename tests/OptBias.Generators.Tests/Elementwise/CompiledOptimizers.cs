using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>Declarations compiled with what is generated for them, and loaded: they can be run.</summary>
internal sealed class CompiledOptimizers
{
    private readonly Assembly assembly;

    private CompiledOptimizers(Assembly assembly) => this.assembly = assembly;

    /// <summary>Compiles declarations; <c>System</c> and <c>OptBias</c> are imported.</summary>
    public static CompiledOptimizers Of(string source)
    {
        var compilation = DeclarationCompilation.Of("using System;\nusing OptBias;\n" + source);
        var driver = CSharpGeneratorDriver.Create(new OptimizerGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        using var stream = new MemoryStream();
        var emitted = output.WithOptions(DeclarationCompilation.Options.WithOptimizationLevel(OptimizationLevel.Release)).Emit(stream);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        stream.Position = 0;
        return new CompiledOptimizers(new AssemblyLoadContext(name: null).LoadFromStream(stream));
    }

    public Type Type(string name) => this.assembly.GetTypes().Single(type => type.Name == name);

    public OptimizerDescriptor Descriptor(string name) =>
        (OptimizerDescriptor)this.Type(name).GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
