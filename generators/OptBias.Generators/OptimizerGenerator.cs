using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;
using OptBias.Generators.Emission;
using OptBias.Generators.Lowering;

namespace OptBias.Generators;

/// <summary>Writes the other half of every class with <c>[Optimizer]</c>: declaration, program, text.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class OptimizerGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for tests of its caching.</summary>
    public static class Steps
    {
        /// <summary>Attributes to declaration.</summary>
        public const string Reading = "Reading";

        /// <summary>Declaration to text.</summary>
        public const string Text = "Text";
    }

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                DeclarationReader.OptimizerAttribute,
                static (node, _) => node is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax,
                static (attributed, cancellation) => DeclarationReader.Read(
                    (INamedTypeSymbol)attributed.TargetSymbol, attributed.Attributes[0], attributed.SemanticModel.Compilation, cancellation))
            .WithTrackingName(Steps.Reading);

        var texts = readings
            .Select(static (reading, _) => GeneratedText.Of(reading))
            .WithTrackingName(Steps.Text);

        context.RegisterSourceOutput(texts, static (output, text) =>
        {
            if (text is not null)
                output.AddSource(text.HintName, text.Source);
        });
    }

    private static string HintNameOf(OptimizerDeclaration declaration) => declaration.MetadataName + ".g.cs";

    private sealed record GeneratedText(string HintName, string Source)
    {
        public static GeneratedText? Of(Reading reading)
        {
            if (reading.Declaration is not { } declaration)
                return null;
            if (!reading.IsClean)
                return reading.CanBeExtended ? new GeneratedText(HintNameOf(declaration), PlaceholderEmitter.Emit(declaration, reading)) : null;
            return new GeneratedText(
                HintNameOf(declaration),
                declaration.Routes.Count > 0
                    ? CompositeEmitter.Emit(declaration)
                    : OptimizerEmitter.Emit(declaration, LoweringContext.Lower(declaration)));
        }
    }
}
