namespace OptBias.Lab.Training;

/// <summary>
/// A way to train that a study compares: an optimizer, what it does to biases and to the head, and the learning rates
/// that tuning may choose from.
/// </summary>
public sealed record Method
{
    /// <summary>Name in tables, and on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the declared optimizer that trains the weights.</summary>
    public required string Optimizer { get; init; }

    /// <summary>Its hyperparameters apart from the learning rate, where they differ from its defaults.</summary>
    public IReadOnlyDictionary<string, double> Hyperparameters { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The optimizer that trains biases and gains, or null for the same. Powerpropagation says nothing about biases.</summary>
    public string? BiasOptimizer { get; init; }

    /// <summary>Hyperparameters of <see cref="BiasOptimizer"/>.</summary>
    public IReadOnlyDictionary<string, double> BiasHyperparameters { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The optimizer that trains the head's matrix, or null for the same as the other weights.</summary>
    public string? HeadOptimizer { get; init; }

    /// <summary>Hyperparameters of <see cref="HeadOptimizer"/>.</summary>
    public IReadOnlyDictionary<string, double> HeadHyperparameters { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Learning rate of <see cref="BiasOptimizer"/>, as a multiple of that of the weights.</summary>
    public double BiasRateFactor { get; init; } = 1;

    /// <summary>Learning rate of <see cref="HeadOptimizer"/>, as a multiple of that of the weights.</summary>
    public double HeadRateFactor { get; init; } = 1;

    /// <summary>Smallest learning rate of the grid.</summary>
    public required double LowestRate { get; init; }

    /// <summary>Largest learning rate of the grid.</summary>
    public required double HighestRate { get; init; }

    /// <summary>Geometric middle of the grid.</summary>
    public double MiddleRate => Math.Sqrt(this.LowestRate * this.HighestRate);

    /// <summary>Strength of an L1 penalty on the weights, 0 for none.</summary>
    public double L1 { get; init; }

    /// <summary>Weights start at sign(w)|w|^p, scaled back to the same norm; 1 changes nothing. A control of Powerpropagation.</summary>
    public double InitialPower { get; init; } = 1;

    /// <summary>
    /// The gradient of each weight tensor is multiplied by the mean of α²|θ|^(2−2/α) over that tensor: the step size of
    /// Powerpropagation without its shape. 1 changes nothing. A control of Powerpropagation.
    /// </summary>
    public double MatchedStepPower { get; init; } = 1;

    /// <summary>
    /// Fingerprint of the declaration of each optimizer that the method uses, by name; empty until a plan looks them up. A run of an edited
    /// declaration is another run.
    /// </summary>
    public IReadOnlyDictionary<string, string> Declarations { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The optimizers that the method uses, each once.</summary>
    public IEnumerable<string> Optimizers => new[] { this.Optimizer, this.BiasOptimizer, this.HeadOptimizer }.OfType<string>().Distinct();

    /// <summary>A few words for the report.</summary>
    public string Description { get; init; } = "";

    /// <summary>The learning rates of the grid: <paramref name="count"/> of them, in equal ratios.</summary>
    /// <param name="count">How many; one gives the middle.</param>
    public IReadOnlyList<double> LearningRates(int count) => count == 1
        ? [Rounded(this.MiddleRate)]
        : [.. Enumerable.Range(0, count).Select(i => Rounded(this.LowestRate * Math.Pow(this.HighestRate / this.LowestRate, i / (count - 1.0))))];

    /// <summary>Everything that defines the method, in a fixed order, for keys and for the report.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings()
    {
        yield return new("optimizer", Text(this.Optimizer, this.Hyperparameters));
        if (this.BiasOptimizer is { } bias)
            yield return new("optimizer of biases", Text(bias, this.BiasHyperparameters));
        if (this.HeadOptimizer is { } head)
            yield return new("optimizer of the head", Text(head, this.HeadHyperparameters));
        if (this.BiasRateFactor != 1)
            yield return new("rate of biases", Invariant(this.BiasRateFactor));
        if (this.HeadRateFactor != 1)
            yield return new("rate of the head", Invariant(this.HeadRateFactor));
        if (this.L1 != 0)
            yield return new("L1", Invariant(this.L1));
        if (this.InitialPower != 1)
            yield return new("initial power", Invariant(this.InitialPower));
        if (this.MatchedStepPower != 1)
            yield return new("matched step power", Invariant(this.MatchedStepPower));
        foreach (var (optimizer, fingerprint) in this.Declarations.OrderBy(d => d.Key, StringComparer.Ordinal))
            yield return new($"declaration of {optimizer}", fingerprint);
    }

    private static string Text(string optimizer, IReadOnlyDictionary<string, double> hyperparameters) =>
        optimizer + string.Concat(hyperparameters.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $" {h.Key}={Invariant(h.Value)}"));

    private static string Invariant(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Three digits are enough for a grid, and read better than seventeen.</summary>
    internal static double Rounded(double value)
    {
        var scale = Math.Pow(10, 2 - Math.Floor(Math.Log10(value)));
        return Math.Round(value * scale) / scale;
    }
}
