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
}
