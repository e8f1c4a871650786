using OptBias.Kernels;
using TorchSharp.Modules;

namespace OptBias;

/// <summary>The hyperparameters of a parameter group. Those that are null are the optimizer's own.</summary>
public abstract partial class DeclaredOptions : OptimizerOptions
{
    private readonly double?[] values;

    /// <summary>Options that override nothing.</summary>
    protected DeclaredOptions(UpdatePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.Hyperparameters = plan.Hyperparameters;
        this.Fingerprint = plan.Fingerprint;
        this.values = new double?[plan.Hyperparameters.Count];
    }

    /// <summary>Ascends instead of descending.</summary>
    public bool? maximize { get; set; }

    /// <summary>What the values are called and may be, in their order.</summary>
    public IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>A hyperparameter by its place; 0 is the learning rate.</summary>
    /// <remarks>Options in use check each value when it is set. <c>LearningRate</c> itself, which is TorchSharp's, is checked by the next step.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The options are in use, and the value is out of its range.</exception>
    public double? this[int index]
    {
        get => index == 0 ? this.LearningRate : this.values[index];
        set
        {
            if (this.Where is { } where)
            {
                this.Hyperparameters[index].Validate(
                    value ?? throw new ArgumentNullException(this.Hyperparameters[index].Name, $"{where}: {this.Hyperparameters[index].Name} is set to null; only options that are not yet in use may leave it to the optimizer."),
                    where);
            }

            if (index == 0)
                this.LearningRate = value;
            else
                this.values[index] = value;
        }
    }

    /// <inheritdoc/>
    public override void LoadStateDict(OptimizerOptions source)
    {
        if (source is not DeclaredOptions other || other.GetType() != this.GetType())
            throw new ArgumentException($"Options of {source?.GetType().FullName ?? "nothing"} cannot be loaded into {this.GetType().FullName}.", nameof(source));
        other.Validate(this.OptimizerName);
        base.LoadStateDict(source);
        other.values.CopyTo(this.values, 0);
        this.maximize = other.maximize;
    }

    /// <summary>What messages call the optimizer and group that use these options; null before they are in use.</summary>
    internal string? Where { get; set; }

    /// <summary>Takes from the optimizer's own options what these leave open.</summary>
    internal void FillFrom(DeclaredOptions defaults)
    {
        for (var i = 0; i < this.values.Length; i++)
            this[i] ??= defaults[i];
        this.maximize ??= defaults.maximize;
        this.InitialLearningRate = this.LearningRate!.Value;
    }

    /// <summary>Checks every value that is set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the message names it, the value, and the range.</exception>
    internal void Validate(string where)
    {
        for (var i = 0; i < this.values.Length; i++)
        {
            if (this[i] is { } value)
                this.Hyperparameters[i].Validate(value, where);
        }
    }

    /// <summary>Copies all values in order.</summary>
    internal void CopyTo(Span<double> h)
    {
        for (var i = 0; i < this.values.Length; i++)
            h[i] = this[i] ?? throw new InvalidOperationException($"{this.Where}: {this.Hyperparameters[i].Name} has no value.");
    }
}
