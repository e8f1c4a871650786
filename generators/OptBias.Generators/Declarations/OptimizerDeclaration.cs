namespace OptBias.Generators.Declarations;

/// <summary>
/// What the attributes of one class say, and nothing else: strings, numbers, enumerations. It holds no symbol and no
/// syntax, so that two equal declarations are equal values and the generator need not run again.
/// </summary>
internal sealed record OptimizerDeclaration
{
    /// <summary>Full metadata name, the hint name of the generated file: <c>OptBias.Optimizers.AdamW</c>.</summary>
    public required string MetadataName { get; init; }

    /// <summary>Namespace, empty for the global one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The class's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The name as source text must write it.</summary>
    public string Identifier => Naming.EscapeType(this.Name);

    /// <summary>Declarations of the types that the class is nested in, outermost first: <c>partial class Outer</c>.</summary>
    public required EquatableArray<string> ContainingTypes { get; init; }

    /// <summary>Whether the class is <c>public</c> (with all its containers): only then is its API.</summary>
    public required bool IsPublic { get; init; }

    /// <summary>Default learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How it keeps what it remembers.</summary>
    public StateDeclaration State { get; init; } = StateDeclaration.Default;

    /// <summary>The stages, top to bottom.</summary>
    public required EquatableArray<Stage> Stages { get; init; }

    /// <summary>The routes of a composite, top to bottom; it has no stages then.</summary>
    public EquatableArray<RouteDeclaration> Routes { get; init; }

    /// <summary>Warnings of what generated code uses of the user's, which it turns off: of obsolete and experimental classes and methods.</summary>
    public EquatableArray<string> SilencedWarnings { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Whether the project's language has priorities among overloads, which C# 13 brought.</summary>
    public bool HasOverloadPriority { get; init; }

    /// <summary>All hyperparameters under their full names, in the order of the constructor.</summary>
    public IEnumerable<HyperparameterDeclaration> Hyperparameters => this.Routes.Count > 0
        ? this.Routes.SelectMany(route => route.Hyperparameters.Select(h => h with { Name = route.Prefix + h.Name }))
        : this.Stages.SelectMany(stage => stage.Hyperparameters.Select(h => h with { Name = stage.Qualify(h.Name) })).Prepend(HyperparameterDeclaration.LearningRate(this.LearningRate));
}
