using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Benchmarks.Generator;

/// <summary>An edit that adds declarations to a project which the generator has run on, again and again from the same state.</summary>
/// <param name="compilation">The project before the edit.</param>
/// <param name="count">How many declarations are added; 0 adds a class that is none.</param>
/// <param name="number">Gives the number of the first, another one each time.</param>
internal sealed class ManyDeclarationsEdit(CSharpCompilation compilation, int count, Func<int> number)
{
    private readonly GeneratorRun run = new();
    private Compilation edited = compilation;

    public string Name => count == 0 ? "a class without [Optimizer]" : string.Create(CultureInfo.InvariantCulture, $"{count} declaration{(count == 1 ? "" : "s")}");

    /// <summary>Brings the generator to the project before the edit, and parses what is added.</summary>
    public void Prepare()
    {
        this.run.On(compilation);
        this.edited = compilation.AddSyntaxTrees(ManyDeclarations.More(number(), count));
    }

    /// <summary>The generator's run on the edited project.</summary>
    public void Run() => this.run.On(this.edited);
}
