namespace OptBias;

/// <summary>Finds for each parameter of an optimizer what was saved for it: by name where names are known, else by the order of the parameters.</summary>
/// <param name="saved">What was saved.</param>
/// <param name="states">What there is.</param>
/// <param name="differ">Takes a difference, and what would allow it.</param>
internal sealed class ParameterMatch(IReadOnlyList<SavedParameter> saved, IReadOnlyList<ParameterState> states, Action<CheckpointDifferences, string> differ)
{
    /// <summary>For each parameter what was saved for it; null where nothing was.</summary>
    public Match?[] Find()
    {
        var there = saved.Select(static parameter => parameter.Name).ToList();
        var here = states.Select(static state => state.GivenName).ToList();
        if (AreNames(there) && AreNames(here))
            return this.ByName();
        var (noneThere, noneHere) = (there.TrueForAll(static name => name is null), here.TrueForAll(static name => name is null));
        if ((noneThere && noneHere) || there.SequenceEqual(here, StringComparer.Ordinal))
            return this.ByOrder();
        if (noneThere || noneHere)
        {
            var (with, without) = noneHere ? ("those that were saved", "those of this optimizer") : ("those of this optimizer", "those that were saved");
            differ(CheckpointDifferences.ParameterNames, saved.Count == states.Count
                ? $"parameters: {with} have names, {without} have none"
                : $"parameters: {saved.Count} were saved, there are {states.Count}; {with} have names, {without} have none");
            return this.ByOrder();
        }

        differ(CheckpointDifferences.None, "parameters: their names do not say which is which; give every parameter one name of its own");
        return new Match?[states.Count];
    }

    private Match?[] ByName()
    {
        var places = saved.Select(static (parameter, j) => (parameter, j)).ToDictionary(static pair => pair.parameter.Name!, static pair => pair.j, StringComparer.Ordinal);
        var found = new Match?[states.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (places.Remove(states[i].GivenName!, out var j))
                found[i] = new Match(saved[j], j);
            else
                differ(CheckpointDifferences.Parameters, $"{states[i].ParameterName}: nothing was saved for it");
        }

        foreach (var name in places.Keys)
            differ(CheckpointDifferences.Parameters, $"parameter '{name}': it was saved, and this optimizer has no parameter of that name");
        return found;
    }

    private Match?[] ByOrder()
    {
        if (saved.Count == states.Count)
            return [.. saved.Select(static (parameter, j) => (Match?)new Match(parameter, j))];
        differ(CheckpointDifferences.None, $"parameters: {saved.Count} were saved, there are {states.Count}; without names nothing says which is which");
        return new Match?[states.Count];
    }

    private static bool AreNames(List<string?> names) =>
        names.TrueForAll(static name => name is not null) && names.ToHashSet(StringComparer.Ordinal).Count == names.Count && names.Count > 0;

    /// <summary>What was saved for a parameter, and its place among what was saved.</summary>
    public readonly record struct Match(SavedParameter Saved, int Index);
}
