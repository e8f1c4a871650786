namespace OptBias.Generators.Programs;

/// <summary>A C# method of the user's that the host calls for a number.</summary>
/// <param name="Method">Its full name: <c>global::OptBias.Optimizers.RAdam.Rectification</c>.</param>
/// <param name="Name">What formulas call it: <c>rectification</c>.</param>
internal sealed record PerStepFunction(string Method, string Name);
