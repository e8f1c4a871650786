using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>A value that a pass calls by a name.</summary>
/// <param name="Value">The value.</param>
/// <param name="Name">Its name, in every target the same.</param>
/// <param name="Comment">The equation behind it; null where it would be longer than anyone reads.</param>
internal sealed record PassValue(Expression Value, string Name, string? Comment = null);
