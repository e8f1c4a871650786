namespace OptBias.Generators.Declarations;

/// <summary>One route of a composite: whose rule, for which parameters, with which hyperparameters.</summary>
/// <param name="TypeName">The class, fully qualified: <c>global::OptBias.Optimizers.AdamW</c>.</param>
/// <param name="Name">Its own name, for text.</param>
/// <param name="When">Which parameters.</param>
/// <param name="Names">Patterns of their names, separated by commas; null for all.</param>
/// <param name="Prefix">What stands in front of its hyperparameters; empty for the first route.</param>
/// <param name="Hyperparameters">Its hyperparameters in their order, <c>lr</c> first, under their own names.</param>
/// <param name="SilencedWarnings">What the compiler says about a use of the class.</param>
internal sealed record RouteDeclaration(
    string TypeName, string Name, ParameterShape When, string? Names, string Prefix, EquatableArray<HyperparameterDeclaration> Hyperparameters, EquatableArray<string> SilencedWarnings);
