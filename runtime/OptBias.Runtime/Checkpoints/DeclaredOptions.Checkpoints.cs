namespace OptBias;

public abstract partial class DeclaredOptions
{
    /// <summary>The full name of the optimizer's class.</summary>
    internal string OptimizerName => (this.GetType().DeclaringType ?? this.GetType()).FullName!;

    /// <summary>What a step of the optimizer does.</summary>
    internal string Fingerprint { get; }

    /// <summary>The optimizer to which the group belongs; null as long as it belongs to none.</summary>
    internal DeclaredOptimizer? Owner { get; set; }

    /// <summary>Writes the hyperparameters by name, as a part of what <see cref="DeclaredOptimizer.save_state_dict(BinaryWriter)"/> writes.</summary>
    /// <exception cref="ArgumentException">A hyperparameter is out of range; nothing has been written.</exception>
    public override void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        this.Validate(this.OptimizerName);
        StatePiece.Write(writer, CheckpointFormat.Write(new SavedOptimizer(this.OptimizerName, this.Fingerprint, [SavedState.Of(this)], [])));
    }

    /// <summary>
    /// Reads what <see cref="SaveStateDict"/> wrote. For a group of an optimizer it is a part of a whole: what was read is taken
    /// once all groups and states of the optimizer have been read.
    /// </summary>
    /// <exception cref="InvalidDataException">The data is damaged, or was written by something else. Nothing has changed.</exception>
    /// <exception cref="CheckpointMismatchException">It does not fit. Nothing has changed.</exception>
    public override void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (this.Owner is not null)
        {
            this.Owner.ReadPiece(reader, null);
            return;
        }

        var saved = StatePiece.Read(reader, this.OptimizerName);
        if (saved.Groups is not [var group])
            throw new InvalidDataException($"{this.OptimizerName}: the data has no hyperparameters where they are expected.");
        var load = new CheckpointLoad(CheckpointDifferences.None);
        load.Compare(group, this, "options");
        if (load.Refused.Count > 0)
            throw new CheckpointMismatchException($"{this.OptimizerName}: the hyperparameters", load.Refused);
        load.Take();
    }
}
