using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>The class that stages are read from, for stages that name its members.</summary>
internal sealed class ClassScope(INamedTypeSymbol type, Compilation compilation, StageDiagnostics report, CancellationToken cancellation)
{
    private readonly List<Action<IReadOnlyList<Stage>>> deferred = new();
    private readonly Dictionary<SyntaxTree, SemanticModel> models = new();

    public INamedTypeSymbol Type { get; } = type;

    public StageDiagnostics Report { get; } = report;

    /// <summary>Whether an attribute of the class does not compile.</summary>
    public bool IsBroken { get; set; }

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Warnings about members that generated code will call.</summary>
    public HashSet<string> Silenced { get; } = new(StringComparer.Ordinal);

    /// <summary>Has something checked once all stages are known.</summary>
    public void Later(Action<IReadOnlyList<Stage>> check) => this.deferred.Add(check);

    public void CheckDeferred(IReadOnlyList<Stage> stages)
    {
        foreach (var check in this.deferred)
            check(stages);
    }

    /// <summary>The bound tree of a piece of source; null where it has none.</summary>
    public IOperation? OperationOf(SyntaxNode syntax) => this.ModelOf(syntax)?.GetOperation(syntax, this.Cancellation);

    /// <summary>What a name in the source means, as it was declared; null where that is not known.</summary>
    public ISymbol? SymbolOf(SyntaxNode name) => this.ModelOf(name)?.GetSymbolInfo(name, this.Cancellation).Symbol?.OriginalDefinition;

    private SemanticModel? ModelOf(SyntaxNode syntax)
    {
        if (!compilation.ContainsSyntaxTree(syntax.SyntaxTree))
            return null;
        if (!this.models.TryGetValue(syntax.SyntaxTree, out var model))
            this.models.Add(syntax.SyntaxTree, model = compilation.GetSemanticModel(syntax.SyntaxTree));
        return model;
    }
}
