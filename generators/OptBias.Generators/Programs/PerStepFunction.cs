namespace OptBias.Generators.Programs;

/// <summary>A C# method of the user's that the host calls for a number.</summary>
/// <param name="Method">Its full name: <c>global::OptBias.Optimizers.RAdam.Rectification</c>.</param>
/// <param name="Name">What formulas call it: <c>rectification</c>.</param>
/// <param name="Body">What it does, in the user's own words; equal texts do the same.</param>
internal sealed record PerStepFunction(string Method, string Name, string Body);
