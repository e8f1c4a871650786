namespace OptBias;

/// <summary>
/// A load that TorchSharp drives: it hands a reader to every group and then to every state. What they read is gathered here and taken
/// when the last has read, so that a file that is damaged at its end has changed nothing.
/// </summary>
/// <param name="groups">How many groups will read.</param>
/// <param name="states">How many states will read.</param>
/// <param name="owner">The optimizer's full name.</param>
internal sealed class PiecewiseLoad(int groups, int states, string owner)
{
    private readonly List<SavedOptimizer> readGroups = [];
    private readonly List<SavedParameter> readStates = [];

    /// <summary>Reads the next part.</summary>
    /// <returns>The whole, if that was the last part.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or another part than the one that is due.</exception>
    public SavedOptimizer? Read(BinaryReader reader, bool isState)
    {
        var piece = StatePiece.Read(reader, owner);
        if (isState != (this.readGroups.Count == groups))
            throw new InvalidDataException($"{owner}: a state dict is read group by group, then state by state; a part was left out.");
        if (isState)
        {
            this.readStates.Add(piece.Parameters is [var parameter] ? parameter with { Group = null } : throw new InvalidDataException($"{owner}: the data has no state of a parameter where it is expected."));
            return this.readStates.Count == states ? this.Whole() : null;
        }

        this.readGroups.Add(piece.Groups.Count == 1 ? piece : throw new InvalidDataException($"{owner}: the data has no hyperparameters where they are expected."));
        return null;
    }

    private SavedOptimizer Whole() =>
        new(this.readGroups[0].Optimizer, this.readGroups[0].Fingerprint, [.. this.readGroups.Select(static group => group.Groups[0])], this.readStates);
}
