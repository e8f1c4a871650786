using OptBias.Lab.Reports;

namespace OptBias.Lab.Studies;

/// <summary>How much a study computes.</summary>
/// <param name="Name">"quick", "standard", "full".</param>
/// <param name="Seeds">Seeds of the results, unless the command line says otherwise.</param>
/// <param name="TuningSeeds">Seeds of the tuning, which the results do not use.</param>
/// <param name="Rates">Learning rates of each method's grid.</param>
/// <param name="Epochs">Passes over the data of each task.</param>
/// <param name="BatchSize">Examples in a step.</param>
/// <param name="EvaluationLimit">At most this many examples measure the accuracy on a task.</param>
public sealed record Preset(string Name, int Seeds, int TuningSeeds, int Rates, int Epochs, int BatchSize, int EvaluationLimit)
{
    /// <summary>Fraction of the training images in tasks that have all classes, where a study has both kinds.</summary>
    public double WholeTaskFraction { get; init; } = 1;

    /// <summary>
    /// Results run at the rate that tuning chose and at this many rates on either side of it: between what learns too little
    /// and what forgets all lies less than a decade. Null: over the whole grid.
    /// </summary>
    public int? ResultNeighbours { get; init; }

    /// <summary>
    /// Results also run at every smaller rate that learns within <see cref="TuningWinner.ReachTolerance"/> of the method's best: where
    /// tuning cannot tell the rates apart it may choose a large one, and a comparison at equal learning needs the small ones.
    /// </summary>
    public bool ResultsReachDown { get; init; }

    /// <summary>Rates of a method at which results run, about: what learns is known only after the tuning.</summary>
    public int ResultRates => this.ResultNeighbours is { } n ? Math.Min(this.Rates, (2 * n) + 1) : this.Rates;

    /// <summary>Everything that it sets, in a line.</summary>
    public string Description => FormattableString.Invariant(
        $"{this.Name}: {this.Rates} rates, tuned with {Counted.Seeds(this.TuningSeeds)}, {Counted.Passes(this.Epochs)} in batches of {this.BatchSize}, {this.WholeTaskFraction:R} of the data in whole tasks, {this.EvaluationLimit} examples a task, results {this.ResultExtent}");

    /// <summary>At which rates results run, in words: "over the whole grid".</summary>
    public string ResultExtent => this.ResultNeighbours is { } n
        ? FormattableString.Invariant($"at the chosen rate and up to {n} of the grid on either side{(this.ResultsReachDown ? $", and at all smaller ones that learn within {TuningWinner.ReachTolerance} of the best" : "")}")
        : "over the whole grid";

    /// <summary>How long and on how much a network is trained.</summary>
    public Training.TrainingPlan Training => new() { Epochs = this.Epochs, BatchSize = this.BatchSize, EvaluationLimit = this.EvaluationLimit };
}
