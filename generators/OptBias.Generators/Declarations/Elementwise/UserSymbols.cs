namespace OptBias.Generators.Declarations;

/// <summary>Symbols for names that users choose: <c>gamma2</c> is γ₂ in equations, <c>slowAverage</c> is itself.</summary>
internal static class UserSymbols
{
    private static readonly string[] Greek =
    [
        "alpha α", "beta β", "gamma γ", "delta δ", "epsilon ε", "zeta ζ", "eta η", "theta θ", "iota ι", "kappa κ", "lambda λ", "mu μ",
        "nu ν", "xi ξ", "pi π", "rho ρ", "sigma σ", "tau τ", "upsilon υ", "phi φ", "chi χ", "psi ψ", "omega ω",
    ];

    private static readonly Dictionary<string, string> Letters = Greek.ToDictionary(pair => pair.Split(' ')[0], pair => pair.Split(' ')[1]);

    public static Symbol Of(string name)
    {
        if (name == "eps")
            return new(name, "ε", "\\varepsilon");
        var stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var number = name.Substring(stem.Length);
        var isGreek = Letters.TryGetValue(stem, out var letter);
        if (stem.Length == 0 || (!isGreek && stem.Length > 1))
            return Spelled(name);
        var unicode = isGreek ? letter! : stem;
        var latex = isGreek ? "\\" + stem : stem;
        return new(
            Naming.ToIdentifier(name),
            unicode + string.Concat(number.Select(digit => (char)('₀' + (digit - '0')))),
            number.Length == 0 ? latex : $"{latex}_{{{number}}}");
    }

    /// <summary>The name itself as symbol.</summary>
    public static Symbol Spelled(string name) => new(Naming.ToIdentifier(name), name, $"\\mathit{{{Naming.ToLatex(name)}}}");
}
