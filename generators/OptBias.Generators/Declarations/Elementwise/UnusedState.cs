namespace OptBias.Generators.Declarations;

/// <summary>Finds state that costs memory and does nothing.</summary>
internal static class UnusedState
{
    /// <summary>The places of such inputs, and why they do nothing.</summary>
    public static IEnumerable<(int Input, string Why)> Of(ElementMethod method)
    {
        var reached = new HashSet<int>();
        Reach(method, method.Result, reached);
        var pending = method.States.ToList();

        // State counts if its old value reaches the result, or that of state which counts.
        while (pending.FirstOrDefault(s => Loads(method, s.Input, reached)) is { } used)
        {
            pending.Remove(used);
            Reach(method, used.Value, reached);
        }

        foreach (var state in method.States)
        {
            if (pending.Contains(state))
                yield return (state.Input, "its value never reaches the result");
            else if (method.Instructions[state.Value].Input == state.Input)
                yield return (state.Input, "it is never written, so it is always 0");
        }
    }

    private static bool Loads(ElementMethod method, int input, HashSet<int> reached) =>
        reached.Any(i => method.Instructions[i].Input == input);

    private static void Reach(ElementMethod method, int instruction, HashSet<int> reached)
    {
        if (!reached.Add(instruction))
            return;
        foreach (var operand in method.Instructions[instruction].Operands)
            Reach(method, operand, reached);
    }
}
