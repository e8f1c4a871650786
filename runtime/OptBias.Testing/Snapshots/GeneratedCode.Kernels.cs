using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Testing;

public sealed partial class GeneratedCode
{
    /// <summary>
    /// A generated file, and behind it the CUDA C that its class holds as the constant <c>Cuda</c>, as a file of its own: a
    /// change of a kernel then shows as a diff of the kernel. <c>My.AdamW.g.cs</c> brings <c>My.AdamW.cu</c>.
    /// </summary>
    private static IEnumerable<GeneratedFile> WithKernels(GeneratedFile file)
    {
        yield return file;
        var constants = CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<FieldDeclarationSyntax>()
            .SelectMany(field => field.Declaration.Variables)
            .Where(variable => variable.Identifier.Text == "Cuda");
        foreach (var constant in constants)
        {
            if (constant.Initializer?.Value is LiteralExpressionSyntax { Token.Value: string text })
                yield return new GeneratedFile((file.Name.EndsWith(".g", StringComparison.Ordinal) ? file.Name[..^2] : file.Name) + ".cu", text);
        }
    }
}
