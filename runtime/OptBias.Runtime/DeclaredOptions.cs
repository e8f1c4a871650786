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
            this.ValidateInUse(index, value);
            if (index == 0)
                this.LearningRate = value;
            else
                this.values[index] = value;
        }
    }

    /// <summary>Sets two hyperparameters by their places, as <c>Betas</c> does: both, or neither where one of them is refused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The options are in use, and a value is out of its range. Nothing has changed.</exception>
    public void SetBoth(int first, double firstValue, int second, double secondValue)
    {
        this.ValidateInUse(first, firstValue);
        this.ValidateInUse(second, secondValue);
        (this[first], this[second]) = (firstValue, secondValue);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The source is of another optimizer; these options are in use, and the source leaves a value open or has one out of its range. Nothing has changed.</exception>
    public override void LoadStateDict(OptimizerOptions source)
    {
        if (source is not DeclaredOptions other || other.GetType() != this.GetType())
            throw new ArgumentException($"Options of {source?.GetType().FullName ?? "nothing"} cannot be loaded into {this.GetType().FullName}.", nameof(source));
        other.Validate(this.OptimizerName);
        if (this.Where is { } where)
        {
            for (var i = 0; i < this.values.Length; i++)
                this.ValidateInUse(i, other[i]);
            if (other.maximize is null)
                throw new ArgumentException($"{where}: {nameof(this.maximize)} is left open by what is loaded; only options that are not yet in use may leave it to the optimizer.", nameof(source));
        }

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

    /// <summary>Options in use take no value out of its range, and leave none open.</summary>
    private void ValidateInUse(int index, double? value)
    {
        if (this.Where is not { } where)
            return;
        var hyperparameter = this.Hyperparameters[index];
        hyperparameter.Validate(
            value ?? throw new ArgumentNullException(hyperparameter.Name, $"{where}: {hyperparameter.Name} is set to null; only options that are not yet in use may leave it to the optimizer."),
            where);
    }

    /// <summary>Copies all values in order.</summary>
    internal void CopyTo(Span<double> h)
    {
        for (var i = 0; i < this.values.Length; i++)
            h[i] = this[i] ?? throw new InvalidOperationException($"{this.Where}: {this.Hyperparameters[i].Name} has no value.");
    }
}
