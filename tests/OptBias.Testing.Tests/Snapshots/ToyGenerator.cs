using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Testing.Tests;

/// <summary>Writes a file for every class, and complains about those called Bad.</summary>
internal sealed class ToyGenerator : IIncrementalGenerator
{
#pragma warning disable RS2008 // A toy has no releases to track.
    private static readonly DiagnosticDescriptor Complaint = new(
        "TOY1", "A bad name", "'{0}' is a bad name", "Toys", DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: "https://example.org/TOY1");
#pragma warning restore RS2008

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is ClassDeclarationSyntax, static (syntax, _) => (ClassDeclarationSyntax)syntax.Node);
        context.RegisterSourceOutput(classes, static (output, declaration) =>
        {
            var name = declaration.Identifier.Text;
            if (name == "Crash")
                throw new InvalidOperationException("The generator has crashed.");
            if (name == "Bad")
                output.ReportDiagnostic(Diagnostic.Create(Complaint, declaration.Identifier.GetLocation(), name));
            else
                output.AddSource($"Toys.{name}.g.cs", $"partial class {name}\n{{\n    public int Answer => 42;\n}}\n");
        });
    }

    public static GeneratorDriver Run(string source) => CSharpGeneratorDriver.Create(new ToyGenerator()).RunGenerators(
        CSharpCompilation.Create("toys", [CSharpSyntaxTree.ParseText(source, path: "toys/Toys.cs")]));
}
