namespace OptBias;

/// <summary>Sign descent: <c>u ← sign(u)</c>, with <c>sign(0) = 0</c>.</summary>
/// <remarks>Source: Bernstein et al. 2018 (arXiv 1802.04434).</remarks>
public sealed class SignAttribute : StageAttribute;
