namespace OptBias.Generators.Declarations;

/// <summary>A stage that is a per-element method of the user's.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Body">The method as values; null before it has been read, and where it cannot be.</param>
internal abstract partial record MethodStage(string Method, ElementMethod? Body) : Stage
{
    public override string Label => this.Name ?? this.Method;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters => this.Body?.Hyperparameters ?? EquatableArray<HyperparameterDeclaration>.Empty;
}
