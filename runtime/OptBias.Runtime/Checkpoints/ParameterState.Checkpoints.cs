using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias;

public sealed partial class ParameterState
{
    /// <summary>The name that the parameter was given; null if none was.</summary>
    internal string? GivenName { get; init; }

    /// <summary>The optimizer to which the state belongs.</summary>
    internal DeclaredOptimizer? Owner { get; init; }

    /// <summary>State with a number for each element of the parameter, by name, and the master weights.</summary>
    internal IEnumerable<(string Name, Tensor Value)> OwnTensors =>
        this.plan.States.Select((name, i) => (name, this.tensors[i])).Concat(this.master is null ? [] : [(MasterName, this.master)]);

    /// <summary>Counters of the matrix stages by name.</summary>
    internal IEnumerable<(string Name, long Value)> Counters =>
        this.plan.Matrices.SelectMany((slot, k) => this.matrices[k].Counters.Select(counter => (slot.Name + "." + counter.Name, counter.Value)));

    /// <summary>Writes the state by name, as a part of what <see cref="DeclaredOptimizer.save_state_dict(BinaryWriter)"/> writes.</summary>
    public override void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        this.RequireLive();
        StatePiece.Write(writer, CheckpointFormat.Write(new SavedOptimizer(this.plan.Name, this.plan.Fingerprint, [], [SavedState.Of(this, group: 0)])));
    }

    /// <summary>
    /// Reads what <see cref="SaveStateDict"/> wrote. After the groups of the optimizer it is a part of a whole, which is taken once
    /// everything has been read.
    /// </summary>
    /// <exception cref="InvalidDataException">The data is damaged, or was written by something else. Nothing has changed.</exception>
    /// <exception cref="CheckpointMismatchException">It does not fit. Nothing has changed.</exception>
    public override void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        this.RequireLive();
        if (this.Owner?.IsReadingPieces == true)
        {
            this.Owner.ReadPiece(reader, this);
            return;
        }

        var saved = StatePiece.Read(reader, this.plan.Name);
        if (saved.Parameters is not [var parameter])
            throw new InvalidDataException($"{this.plan.Name}: the data has no state of a parameter where it is expected.");
        if (saved.Fingerprint != this.plan.Fingerprint)
            throw new CheckpointMismatchException($"{this.plan.Name}: the state", [$"declaration: the fingerprint of what was saved is {saved.Fingerprint}, that of this one {this.plan.Fingerprint}"]);
        this.Take(parameter);
    }

    /// <summary>Copies the state of another parameter with the same rule, shape and names of state.</summary>
    /// <exception cref="ArgumentException">It is of another kind. Nothing has changed.</exception>
    public override void LoadStateDict(OptimizerState source)
    {
        this.RequireLive();
        if (source is not ParameterState other || other.plan.Fingerprint != this.plan.Fingerprint)
            throw new ArgumentException($"State of {(source as ParameterState)?.plan.Name ?? source?.GetType().FullName ?? "nothing"} cannot be loaded into {this.plan.Name}.", nameof(source));
        this.Take(SavedState.Of(other, group: null));
    }

    private void Take(SavedParameter parameter)
    {
        var load = new CheckpointLoad(CheckpointDifferences.None);
        load.Compare(parameter, this, group: null);
        if (load.Refused.Count > 0)
            throw new CheckpointMismatchException($"{this.plan.Name}: the state", load.Refused);
        load.Take();
    }
}
