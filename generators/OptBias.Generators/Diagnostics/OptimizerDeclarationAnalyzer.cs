using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Diagnostics;

/// <summary>
/// Says what is wrong with a declaration. It runs the generator's own reader, so the two cannot differ about what a clean
/// declaration is; being an analyzer, it can be configured by severity and suppressed like any other.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptimizerDeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.ById.Values.OrderBy(d => d.Id, StringComparer.Ordinal).ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var attributes = type.GetAttributes();
        if (attributes.FirstOrDefault(IsOptimizer) is not { } optimizer)
        {
            // Once for a class, at its first stage: one mend serves all of them.
            if (attributes.FirstOrDefault(IsStage) is { } stage)
                context.ReportDiagnostic(StageWithoutOptimizer(type, stage, context.CancellationToken));
            return;
        }

        foreach (var diagnostic in DeclarationReader.Read(type, optimizer, context.Compilation, context.CancellationToken).Diagnostics)
            context.ReportDiagnostic(diagnostic.ToDiagnostic(type));
    }

    private static bool IsOptimizer(AttributeData attribute) =>
        attribute.Is(DeclarationReader.OptimizerAttribute);

    private static bool IsStage(AttributeData attribute) =>
        attribute.FullName() is { } kind && (kind == StateDeclaration.Attribute || StageCatalogue.Readers.ContainsKey(kind));

    private static Diagnostic StageWithoutOptimizer(INamedTypeSymbol type, AttributeData stage, CancellationToken cancellation) => Diagnostic.Create(
        Descriptors.StageWithoutOptimizer,
        stage.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation() ?? type.Locations[0],
        stage.AttributeClass!.Name.Replace("Attribute", ""),
        type.Name);
}
