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
        context.RegisterSymbolAction(AnalyzeMethod, SymbolKind.Method);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var attributes = type.GetAttributes();
        if (attributes.FirstOrDefault(IsOptimizer) is not { } optimizer)
        {
            // Once for a class, at its first stage: one mend serves all of them.
            if (attributes.FirstOrDefault(DeclarationParts.MakesTheRule) is { } stage)
                context.ReportDiagnostic(StageWithoutOptimizer(type, stage, context.CancellationToken));
            return;
        }

        var reading = DeclarationReader.Read(type, optimizer, context.Compilation, context.CancellationToken).Checked();
        foreach (var diagnostic in reading.Diagnostics.Concat(UnusedParts.Of(type, reading)))
            context.ReportDiagnostic(diagnostic.ToDiagnostic(type));
    }

    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (UnusedMethods.Outside(method) is { } unused && !method.ContainingType.GetAttributes().Any(IsOptimizer))
            context.ReportDiagnostic(unused.ToDiagnostic(method.ContainingType));
    }

    private static bool IsOptimizer(AttributeData attribute) =>
        attribute.Is(DeclarationReader.OptimizerAttribute);

    private static Diagnostic StageWithoutOptimizer(INamedTypeSymbol type, AttributeData stage, CancellationToken cancellation) => Diagnostic.Create(
        Descriptors.StageWithoutOptimizer,
        stage.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation() ?? type.Locations[0],
        DeclarationParts.ShortName(stage),
        type.Name);
}
