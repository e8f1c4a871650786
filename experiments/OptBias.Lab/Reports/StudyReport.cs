using OptBias.Lab.Reports.Figures;

namespace OptBias.Lab.Reports;

/// <summary>Everything that one study has to say, in the order in which a reader meets it. <see cref="ReportWriter"/> makes the page of it.</summary>
public sealed record StudyReport
{
    /// <summary>Short name, as on the command line: <c>class-incremental</c>.</summary>
    public required string Study { get; init; }

    /// <summary>Headline of the page: "Class-incremental learning".</summary>
    public required string Title { get; init; }

    /// <summary>The question, in a sentence or two.</summary>
    public required string Question { get; init; }

    /// <summary>The answer in two or three sentences with numbers and intervals, shown right below the question. Empty: left out.</summary>
    public IReadOnlyList<string> Answer { get; init; } = [];

    /// <summary>How it was done: one paragraph per entry, plain text.</summary>
    public required IReadOnlyList<string> Method { get; init; }

    /// <summary>The optimizers in the order of legends and tables, each with its colour.</summary>
    public required IReadOnlyList<ReportOptimizer> Optimizers { get; init; }

    /// <summary>The main table: one row per optimizer, one column per metric.</summary>
    public required SummaryTable Summary { get; init; }

    /// <summary>Further tables, each with its own title (per model, per width, masked accuracy, ...).</summary>
    public IReadOnlyList<SummaryTable> FurtherTables { get; init; } = [];

    /// <summary>The figures, the main one first.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>What tuning chose, for every optimizer and every tuned hyperparameter.</summary>
    public IReadOnlyList<HyperparameterWinner> Winners { get; init; } = [];

    /// <summary>The comparisons that were written down before the runs, corrected among themselves.</summary>
    public IReadOnlyList<PairwiseTest> PlannedTests { get; init; } = [];

    /// <summary>Further comparisons between optimizers on the same seeds, exploratory.</summary>
    public IReadOnlyList<PairwiseTest> Tests { get; init; } = [];

    /// <summary>What the result says; each entry names numbers and intervals.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    /// <summary>What the result does not say: limits of data, models, seeds, tuning.</summary>
    public IReadOnlyList<string> DoesNotSay { get; init; } = [];

    /// <summary>Runs that diverged. They are results, and they are listed.</summary>
    public IReadOnlyList<DivergedRun> Diverged { get; init; } = [];

    /// <summary>Everything the numbers came from.</summary>
    public required ReportSettings Settings { get; init; }
}

/// <summary>An optimizer as the report shows it.</summary>
/// <param name="Name">Its name: <c>AdamW</c>. Series, rows and tests refer to it by this name.</param>
/// <param name="Description">A few words: "momentum 0.9, decoupled decay". May be empty.</param>
/// <param name="Color">"#rrggbb", or null for the next colour of <see cref="Palette"/>.</param>
public sealed record ReportOptimizer(string Name, string Description = "", string? Color = null)
{
    /// <summary>Whether it is no optimizer but something to compare with, such as the untrained network.</summary>
    public bool IsReference { get; init; }
}

/// <summary>Which way is good.</summary>
public enum Better
{
    /// <summary>Neither: the metric describes, it does not judge.</summary>
    Neither,

    /// <summary>Larger is better, as for accuracy.</summary>
    Higher,

    /// <summary>Smaller is better, as for forgetting.</summary>
    Lower,
}

/// <summary>A metric as a column of a table.</summary>
/// <param name="Name">Column head: "Forgetting".</param>
/// <param name="Unit">Unit, shown in brackets: "%", "rank", or "" for none.</param>
/// <param name="Better">Which way is good.</param>
/// <param name="Description">Definition in a sentence, shown below the table.</param>
/// <param name="Format">Invariant numeric format of the numbers: "0.0", "0.000".</param>
public sealed record ReportMetric(string Name, string Unit = "", Better Better = Better.Neither, string Description = "", string Format = "0.000");

/// <summary>A table of numbers with their intervals.</summary>
public sealed record SummaryTable
{
    /// <summary>Title above the table.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence below the title; what the interval is, over what.</summary>
    public string Note { get; init; } = "";

    /// <summary>The columns.</summary>
    public required IReadOnlyList<ReportMetric> Metrics { get; init; }

    /// <summary>The rows, most often one per optimizer.</summary>
    public required IReadOnlyList<SummaryRow> Rows { get; init; }
}

/// <summary>A row of a table.</summary>
/// <param name="Optimizer">Name of the optimizer, whose colour marks the row.</param>
/// <param name="Cells">One interval per metric, in the order of the columns.</param>
/// <param name="Variant">What distinguishes rows of the same optimizer: "width 256". May be empty.</param>
public sealed record SummaryRow(string Optimizer, IReadOnlyList<Statistics.Interval> Cells, string Variant = "");

/// <summary>What tuning chose.</summary>
/// <param name="Optimizer">Name of the optimizer.</param>
/// <param name="Hyperparameter">Name of the hyperparameter: <c>lr</c>.</param>
/// <param name="Value">The winner.</param>
/// <param name="Grid">All values tried. A winner that is the smallest or the largest of them is warned about.</param>
/// <param name="Score">The validation score that it won with, and its interval.</param>
/// <param name="ScoreName">What the score is: "validation accuracy".</param>
public sealed record HyperparameterWinner(string Optimizer, string Hyperparameter, double Value, IReadOnlyList<double> Grid, Statistics.Interval Score, string ScoreName = "validation accuracy")
{
    /// <summary>Whether the winner sits on the edge of its grid, so that a better value may lie beyond.</summary>
    public bool IsAtEdge => this.Grid.Count > 1 && (this.Value <= this.Grid.Min() || this.Value >= this.Grid.Max());
}

/// <summary>A paired comparison of two optimizers on one metric.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Optimizer">The optimizer that is compared.</param>
/// <param name="Baseline">The one it is compared with.</param>
/// <param name="Pairs">Number of seeds.</param>
/// <param name="Difference">Mean of optimizer − baseline with its interval.</param>
/// <param name="PValue">Two-sided p of the paired permutation test.</param>
/// <param name="HolmPValue">The same after Holm's correction over the family.</param>
/// <param name="SmallestPossiblePValue">The smallest p that so few pairs can give: 2/2ⁿ.</param>
/// <param name="EffectSize">Paired Hedges g with its interval.</param>
/// <param name="Format">Invariant numeric format of the difference.</param>
public sealed record PairwiseTest(
    string Metric,
    string Optimizer,
    string Baseline,
    int Pairs,
    Statistics.Interval Difference,
    double PValue,
    double HolmPValue,
    double SmallestPossiblePValue,
    Statistics.Interval EffectSize,
    string Format = "0.000")
{
    /// <summary>What the comparison depends on, such as the range of learning accuracy that it was taken over. May be empty.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A run that diverged.</summary>
/// <param name="Optimizer">Name of the optimizer.</param>
/// <param name="Hyperparameters">"lr 0.3, momentum 0.9".</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Where">When and how: "task 2, step 118: loss is NaN".</param>
public sealed record DivergedRun(string Optimizer, string Hyperparameters, int Seed, string Where);

/// <summary>Everything that the numbers came from.</summary>
public sealed record ReportSettings
{
    /// <summary>The command that makes them again.</summary>
    public required string Command { get; init; }

    /// <summary>Seeds of the results.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Seeds of the tuning, disjoint from those of the results.</summary>
    public IReadOnlyList<int> TuningSeeds { get; init; } = [];

    /// <summary>Name and hash of the data: "mnist 9,997/10,000 sha256:...".</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>What computed, each once: TorchSharp, libtorch, .NET, operating system, processor.</summary>
    public required IReadOnlyList<string> Machines { get; init; }

    /// <summary>Commit of the sources, or "unknown".</summary>
    public required string Commit { get; init; }

    /// <summary>Time spent on all runs, resumed parts included.</summary>
    public required TimeSpan WallTime { get; init; }

    /// <summary>Number of runs behind the report.</summary>
    public required int Runs { get; init; }

    /// <summary>Runs that the study has and that are not finished, such as those of an interrupted one.</summary>
    public int Unfinished { get; init; }

    /// <summary>Whatever else was set: model, tasks, batch size, epochs, hyperparameters by optimizer.</summary>
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();
}
