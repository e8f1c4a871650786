using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>A factor that is never negative, and what it is multiplied with.</summary>
/// <param name="Value">The factor.</param>
/// <param name="Rest">The other factor, or what is divided.</param>
/// <param name="Divides">Whether it is a divisor.</param>
internal sealed record PositiveFactor(Expression Value, Expression Rest, bool Divides);
