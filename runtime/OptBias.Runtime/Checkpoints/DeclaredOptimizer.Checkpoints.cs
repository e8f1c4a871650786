using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias;

public abstract partial class DeclaredOptimizer
{
    private PiecewiseLoad? openLoad;

    /// <summary>The file that a load must read to its end; null where something else may follow.</summary>
    private FileStream? wholeFile;

    /// <summary>Whether TorchSharp is handing a reader from part to part.</summary>
    internal bool IsReadingPieces => this.openLoad is not null;

    /// <summary>What messages call it, and what a checkpoint records as its class.</summary>
    private string FullName => this.GetType().FullName!;

    /// <summary>
    /// Writes a checkpoint: state and hyperparameters by name, step counts, the declaration's fingerprint, a checksum. The file is
    /// safetensors; docs/checkpoints.md describes it.
    /// </summary>
    /// <param name="path">The file. An older one is there, whole, until the new one is on the disk, whatever ends the process. Missing folders are made.</param>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range: such a file could not be loaded. Nothing has been written.</exception>
    /// <exception cref="NotSupportedException">A tensor of state takes more than 2 GB.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder must not be written to.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeTensors.Write(path, CheckpointFormat.Write(this.Saved()));
    }

    /// <summary>
    /// Reads a checkpoint that <see cref="Save"/> or <see cref="SaveForPyTorch"/> wrote, or one from PyTorch. Everything is read and
    /// compared with the declaration before anything changes: where this throws, the optimizer is as it was. Training goes on bit for
    /// bit as if it had not stopped. State goes to the device on which the optimizer has it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="allow">In what the file may differ from this optimizer. What has equal names and shapes is taken then, and nothing by its place.</param>
    /// <returns>What was taken, what is new, what was dropped.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="CheckpointMismatchException">It does not fit this optimizer; the message names what differs, with both values.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    /// <exception cref="InvalidOperationException">The optimizer is in use by another thread.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed of.</exception>
    public CheckpointReport Load(string path, CheckpointDifferences allow = CheckpointDifferences.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.RequireLive();
        var file = SafeTensors.Read(path);
        return this.Take(TorchFormat.Is(file) ? TorchFormat.Read(file, path, this.plan, this.FullName) : CheckpointFormat.Read(file, path), path, allow);
    }

    /// <summary>
    /// Writes the state as PyTorch names it, for optimizers that keep what AdamW, Adam, SGD, RMSprop or Adagrad of torch.optim keep;
    /// docs/checkpoints.md has the names, and the Python that loads the file.
    /// </summary>
    /// <param name="path">The file; an older one is replaced once the new one is on the disk.</param>
    /// <exception cref="NotSupportedException">No optimizer of PyTorch keeps the same state and hyperparameters; the message lists those that are known.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    public void SaveForPyTorch(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeTensors.Write(path, TorchFormat.Write(this.Saved(), this.plan, this.FullName));
    }

    /// <summary>Writes a checkpoint, as <see cref="Save"/> does.</summary>
    /// <param name="location">The file.</param>
    public new void save_state_dict(string location) => this.Save(location);

    /// <summary>Writes the state to a stream: TorchSharp's frame, with every group and state by name and with a checksum.</summary>
    /// <param name="writer">Where it goes.</param>
    public new void save_state_dict(BinaryWriter writer) => base.save_state_dict(writer);

    /// <summary>Reads a checkpoint, as <see cref="Load"/> does, or what <see cref="save_state_dict(BinaryWriter)"/> wrote to a file.</summary>
    /// <param name="location">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or was written by something else. Nothing has changed.</exception>
    /// <exception cref="CheckpointMismatchException">It does not fit this optimizer. Nothing has changed.</exception>
    public new void load_state_dict(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        using var stream = new FileStream(location, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (!StatePiece.BeginsWithFrame(stream, this.GetType().Name))
        {
            this.Load(location);
            return;
        }

        try
        {
            this.wholeFile = stream;
            using var reader = new BinaryReader(stream);
            this.load_state_dict(reader);
        }
        finally
        {
            this.wholeFile = null;
        }
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote. Everything is read before anything changes.</summary>
    /// <param name="reader">Where it comes from.</param>
    /// <exception cref="InvalidDataException">The data is damaged, or was written by something else. Nothing has changed.</exception>
    /// <exception cref="CheckpointMismatchException">It does not fit this optimizer. Nothing has changed.</exception>
    public new void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            base.load_state_dict(reader);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException($"{this.FullName}: the data is no state dict, or is damaged: {exception.Message}", exception);
        }
        catch (ArgumentException exception) when (exception is not CheckpointMismatchException)
        {
            // TorchSharp's own: another number of groups or parameters.
            throw new CheckpointMismatchException($"{this.FullName}: the state dict", [exception.Message]);
        }
        finally
        {
            this.openLoad = null;
        }
    }

    /// <summary>Copies the state of another optimizer of the same class, by name. Everything is compared before anything changes.</summary>
    /// <param name="state_dict">What <c>state_dict()</c> of the other optimizer returned.</param>
    /// <exception cref="ArgumentException">It does not fit; the message names what differs. Nothing has changed.</exception>
    public override void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        try
        {
            this.Take(SavedState.Of(state_dict, this.FullName), "the state dict", CheckpointDifferences.None);
        }
        catch (CheckpointMismatchException exception)
        {
            // TorchSharp's own optimizers throw this.
            throw new ArgumentException(exception.Message, nameof(state_dict), exception);
        }
    }

    /// <summary>Takes a part of a state dict that TorchSharp reads.</summary>
    internal void ReadPiece(BinaryReader reader, ParameterState? state)
    {
        var load = this.openLoad ??= new PiecewiseLoad(this._parameter_groups.Count, this.handles.Count, this.FullName);
        var isComplete = false;
        try
        {
            if (load.Read(reader, isState: state is not null) is { } whole)
            {
                if (this.wholeFile is { } file && file.Position < file.Length)
                    throw new InvalidDataException($"{file.Name}: {file.Length - file.Position} bytes follow the state.");
                this.openLoad = null;
                this.Take(whole, "the state dict", CheckpointDifferences.None);
            }

            isComplete = true;
        }
        finally
        {
            if (!isComplete)
                this.openLoad = null;
        }
    }

    /// <summary>Whether all parts have been read that TorchSharp began to read.</summary>
    /// <exception cref="InvalidOperationException">Some have not; nothing of them has been taken.</exception>
    private void RequireNoOpenLoad()
    {
        if (this.openLoad is null)
            return;
        this.openLoad = null;
        throw new InvalidOperationException($"{this.FullName}: the state of a group was read with LoadStateDict, and not that of all others: nothing has been taken. Load the whole with {nameof(this.Load)}.");
    }

    private SavedOptimizer Saved()
    {
        using var use = this.Enter(nameof(this.Save));
        this.RequireNoOpenLoad();
        for (var g = 0; g < this._parameter_groups.Count; g++)
            ((DeclaredOptions)this._parameter_groups[g].Options).Validate($"{this.plan.Name}, parameter group {g}");
        return new SavedOptimizer(
            this.FullName,
            this.plan.Fingerprint,
            [.. this._parameter_groups.Select(static group => SavedState.Of((DeclaredOptions)group.Options))],
            [.. this.StatesWithGroups().Select(static pair => SavedState.Of(pair.State, pair.Group))]);
    }

    private CheckpointReport Take(SavedOptimizer saved, string source, CheckpointDifferences allow)
    {
        using var use = this.Enter(nameof(this.Load));
        var load = new CheckpointLoad(allow);
        load.Compare(saved, this.FullName, this.plan.Fingerprint, [.. this._parameter_groups.Select(static group => (DeclaredOptions)group.Options)], this.StatesWithGroups());
        return load.Refused.Count == 0 ? load.Take() : throw new CheckpointMismatchException($"{this.FullName}: {source}", load.Refused, load.Advice);
    }

    private List<(ParameterState State, int Group)> StatesWithGroups() =>
        [.. this.groups.SelectMany(static (group, number) => group.Members.Select(member => (member.State, number)))];
}
