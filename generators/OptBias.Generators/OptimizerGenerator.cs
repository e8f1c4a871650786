using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

        /// <summary>What makes declarations impossible; nothing comes of this step for clean ones.</summary>
        public const string Errors = "Errors";

        /// <summary>Declaration to text.</summary>
        public const string Text = "Text";
    }

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                DeclarationReader.OptimizerAttribute,
                static (node, _) => HasName(node),
                static (attributed, cancellation) => Read(attributed, cancellation))
            .WithTrackingName(Steps.Reading)
            .Select(static (reading, _) => reading.Checked());

        // Csc skips analyzers after other errors, and they can be switched off; a wrong optimizer must not be built in either case.
        // The analyzer says the same for an editor and its code fixes: csc stops before it once an error of the generator is there.
        var errors = readings
            .Where(static reading => reading.Errors.Any())
            .Select(static (reading, _) => reading.Errors.ToEquatableArray())
            .WithTrackingName(Steps.Errors);

        context.RegisterSourceOutput(errors, static (output, errors) =>
        {
            foreach (var error in errors)
                output.ReportDiagnostic(error.ToDiagnostic());
        });

        var texts = readings
            .Select(static (reading, _) => reading.WithoutPlaces())
            .Select(static (reading, _) => GeneratedText.Of(reading))
            .WithTrackingName(Steps.Text);

        var alike = texts
            .Select(static (text, _) => text?.MetadataName)
            .Collect()
            .Select(static (names, _) => HintNames.Alike(names));

        context.RegisterSourceOutput(texts.Combine(alike), static (output, pair) =>
        {
            if (pair.Left is { } text)
                output.AddSource(HintNames.Of(text.MetadataName, pair.Right), text.Source);
        });
    }

    /// <summary>Whether a declaration and all around it have got a name yet; one that is being typed has not.</summary>
    private static bool HasName(SyntaxNode node) =>
        node is TypeDeclarationSyntax && node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().All(type => type.Identifier.ValueText.Length > 0);

    /// <summary>Reads a class once, at the part that has its first attribute: pasted a second time it has two until it is renamed.</summary>
    private static Reading Read(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)attributed.TargetSymbol;
        var optimizer = type.AttributesOf(DeclarationReader.OptimizerAttribute).First();
        return optimizer.ApplicationSyntaxReference is { } place && place.SyntaxTree == attributed.TargetNode.SyntaxTree && attributed.TargetNode.Span.Contains(place.Span)
            ? DeclarationReader.Read(type, optimizer, attributed.SemanticModel.Compilation, cancellation)
            : Reading.Nothing;
    }

    private sealed record GeneratedText(string MetadataName, string Source)
    {
        public static GeneratedText? Of(Reading reading)
        {
            if (reading.Declaration is not { } declaration)
                return null;
            if (!reading.IsClean)
                return reading.Header is not null ? new GeneratedText(declaration.MetadataName, PlaceholderEmitter.Emit(declaration, reading)) : null;
            return new GeneratedText(
                declaration.MetadataName,
                declaration.Routes.Count > 0
                    ? CompositeEmitter.Emit(declaration)
                    : OptimizerEmitter.Emit(declaration, LoweringContext.Lower(declaration)));
        }
    }
}
