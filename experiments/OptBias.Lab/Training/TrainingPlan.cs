namespace OptBias.Lab.Training;

/// <summary>How long and on how much a network is trained.</summary>
public sealed record TrainingPlan
{
    /// <summary>Passes over the data of each task.</summary>
    public required int Epochs { get; init; }

    /// <summary>Examples in a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Fraction of the training images that is used, in (0, 1].</summary>
    public double Fraction { get; init; } = 1;

    /// <summary>At most this many examples measure the accuracy on a task.</summary>
    public int EvaluationLimit { get; init; } = 2000;

    /// <summary>Everything that defines the plan, in a fixed order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings()
    {
        yield return new("epochs", this.Epochs.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return new("batch size", this.BatchSize.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return new("fraction of the data", this.Fraction.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        yield return new("evaluation limit", this.EvaluationLimit.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
