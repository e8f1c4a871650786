using OptBias.Generators.Declarations;

namespace OptBias.Generators.Emission;

/// <summary>How an optimizer keeps what it remembers, as the runtime's object and in words.</summary>
internal static class StateText
{
    /// <summary>The runtime's <c>StateStorage</c>; null where it is the default.</summary>
    public static string? Storage(StateDeclaration state)
    {
        if (state == StateDeclaration.Default)
            return null;
        var settings = new List<string>();
        if (state.Precision != StatePrecision.Arithmetic)
            settings.Add($"Precision = global::OptBias.StatePrecision.{state.Precision}");
        if (state.StochasticRounding)
            settings.Add("StochasticRounding = true");
        if (state.MasterWeights)
            settings.Add("MasterWeights = true");
        if (state.Seed != 0)
            settings.Add($"Seed = {Text.Integer(state.Seed)}");
        return settings.Count == 0 ? null : $"new() {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>A sentence for each thing that is not the default.</summary>
    public static IEnumerable<string> Sentences(StateDeclaration state)
    {
        if (state.Precision == StatePrecision.BFloat16)
            yield return "State of float32 arithmetic is kept in bfloat16.";
        if (state.StochasticRounding)
            yield return $"bfloat16 is rounded stochastically, with the seed {Text.Integer(state.Seed)}.";
        if (state.MasterWeights)
            yield return "bfloat16 and float16 parameters have master weights in float32.";
    }
}
