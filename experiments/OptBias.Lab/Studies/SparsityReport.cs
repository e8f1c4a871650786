using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>Turns the runs of the sparsity study into its report.</summary>
internal sealed class SparsityReport
{
    private static readonly string[] Main =
        [MetricNames.AverageAccuracy, MetricNames.LargestSparsity, MetricNames.AccuracyAtTenPercent, MetricNames.AccuracyAtThreePercent, MetricNames.WeightHoyer, MetricNames.WeightGini];

    private static readonly (string Control, string What)[] Controls =
    [
        ("PowerPropPreconditionedMomentum", "the linearised preconditioner on θ"),
        ("PowerPropSgd", "both Jacobians, no momentum"),
        (SparsityStudy.InitialisationControl, "the shape of the initial weights"),
        (SparsityStudy.StepSizeControl, "the size of the step"),
    ];

    private const string Plain = "SgdMomentum";
    private const string Exact = "PowerPropMomentum";

    private readonly SparsityStudy study;
    private readonly StudyPlan plan;
    private readonly IReadOnlyList<RunRecord> runs;
    private readonly ReportSettings settings;
    private readonly RunSelection selection;
    private readonly IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner;

    public SparsityReport(SparsityStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings)
    {
        (this.study, this.plan, this.runs, this.settings) = (study, plan, runs, settings);
        this.selection = new(plan, runs, _ => true);
        this.atWinner = this.selection.AtWinners();
    }

    private string Over => $"{Counted.MeanWithInterval(this.plan, this.runs)}, each method at the learning rate that tuning chose.";

    public StudyReport Build() => new()
    {
        Study = this.study.Name,
        Title = "Sparsity",
        Question = "Whose weights can be cut away without training again? And what part of Powerpropagation makes them so: the reparameterization, its linearisation as a preconditioner, the initial weights, or only the size of the steps?",
        Answer = [.. this.Answer()],
        Method = [.. this.Describe()],
        // What stands in the first figure comes first, so that it has the colours that are easiest to tell apart.
        Optimizers = [.. this.plan.Methods.OrderByDescending(m => this.Groups().First().Methods.Contains(m.Name)).Select(m => new ReportOptimizer(m.Name, m.Description)), ReportRows.Untrained],
        Summary = ReportRows.Table("Accuracy and sparsity", this.Over, Main, ReportRows.WithUntrained(this.selection, this.atWinner.Select(r => (r.Method, "", r.Runs))), this.plan.ResultSeeds),
        FurtherTables = [.. this.Tables()],
        Figures = [.. this.Groups().Select(this.Pruning), .. this.Groups().Select(this.Family), this.Histogram()],
        Winners = [.. this.selection.Winners().Select(w => w.ForReport("accuracy on validation images"))],
        Tests = ReportRows.Tests([MetricNames.LargestSparsity, MetricNames.WeightHoyer], this.atWinner, ["AdamW", "Sgd", Plain], this.plan.ResultSeeds),
        Says = [.. this.Says()],
        DoesNotSay =
        [
            $"One network ({this.plan.Model.Name}), pruned once by magnitude and not trained again; methods that prune and retrain may rank otherwise.",
            "A method that is cut off early on its grid, or whose dense accuracy is lower, starts its curve lower: compare the curves over the whole family of learning rates too.",
            "Only the learning rate is tuned; the strengths of L1 and of Powerpropagation are shown side by side, not chosen.",
        ],
        Diverged = ReportRows.Diverged(this.runs),
        Settings = this.settings,
    };

    private IReadOnlyList<RunRecord> Runs(string method) => this.atWinner.FirstOrDefault(r => r.Method == method).Runs ?? [];

    private IEnumerable<string> Answer()
    {
        var others = this.plan.Methods.Select(m => m.Name).Where(m => m != Plain).ToArray();
        foreach (var (metric, what) in new[]
        {
            (MetricNames.LargestSparsity, "the part of the weights that can be cut at the price of a point of accuracy"),
            (MetricNames.AccuracyAtTenPercent, "the accuracy with a tenth of the weights"),
        })
        {
            if (DifferenceInWords.Of(what, Plain, [.. others.Select(m => (m, this.Difference(m, Plain, metric)))], "0.000") is { } sentence)
                yield return sentence;
        }
    }

    private IEnumerable<string> Says()
    {
        var shares = from metric in new[] { MetricNames.AccuracyAtThreePercent, MetricNames.WeightHoyer }
                     from control in Controls
                     let share = this.Share(control.Control, metric)
                     where share.IsDefined
                     select (Metric: ShownMetric.All[metric].Column.Name, control.What, Share: share);
        foreach (var (metric, what, share) in shares.Where(s => !s.Share.Contains(0)))
            yield return $"{metric}: {what} gives {share.ToString("0.00")} of the difference between {Exact} and {Plain}{(share.HasEnds ? "" : ", of a single seed")}.";
        foreach (var metric in shares.Where(s => s.Share.Contains(0)).GroupBy(s => s.Metric))
            yield return $"{metric.Key}: what part of it {string.Join(", ", metric.Select(s => s.What))} {(metric.Count() == 1 ? "gives" : "give")} is not known; the interval includes none of it.";
    }

    private IEnumerable<string> Describe()
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Network {this.plan.Model.Name}, all classes at once, {Counted.Passes(this.plan.Preset.Epochs)} in batches of {this.plan.Preset.BatchSize}. Initial weights and the order of the batches follow from the seed and are the same for every method.");
        yield return "Each trained network is pruned once, without training again: in every layer the weights of smallest magnitude are set to zero, at 20 keep ratios from 1 to 0.01 in equal quotients; the head keeps twice as much. What is called the fraction kept is that of all weights. The largest sparsity is where the accuracy on test images first falls a point below that of the dense network.";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Every method has {this.plan.Preset.Rates} learning rates over a range of its own; the rate is chosen by validation accuracy with {Counted.Seeds(this.plan.Preset.TuningSeeds)} that the results do not use. Results run {this.plan.Preset.ResultExtent}. As ties on validation data decide much here, further figures show the best curve over the rates, and a table compares at matched dense accuracy.");
        yield return "Powerpropagation trains weights; biases get the same optimizer without it, at the same learning rate. A number after its name is α, 2 where there is none.";
        var special = this.plan.Methods.Where(m => m.Description.Length > 0 && !m.Hyperparameters.ContainsKey("alpha") && m.L1 == 0).Select(m => $"{m.Name} is {m.Description}").ToArray();
        if (special.Length > 0)
            yield return string.Join("; ", special) + ".";
        if (this.plan.Methods.Any(m => m.L1 != 0))
            yield return "A name that ends in -L1 and a number has that penalty on the magnitudes of the weights.";
    }

    private IEnumerable<SummaryTable> Tables()
    {
        string[] compared = [MetricNames.LargestSparsity, MetricNames.AccuracyAtTenPercent, MetricNames.AccuracyAtThreePercent, MetricNames.WeightHoyer, MetricNames.WeightGini];
        (string Method, string Baseline, string What)[] pairs = [(Exact, Plain, "the exact reparameterization"), .. Controls.Select(c => (c.Control, Plain, c.What)), ("PowerPropSgd", "Sgd", "both Jacobians, both without momentum"), ("PowerPropAdam", "Adam", "the exact reparameterization under Adam"), (SparsityStudy.HeadControl, Exact, "the head without it"), (SparsityStudy.BiasControl, Exact, "biases at a rate of their own")];
        var differences = pairs.Where(p => this.Runs(p.Method).Count > 0 && this.Runs(p.Baseline).Count > 0).ToArray();
        if (differences.Length > 0)
        {
            yield return new()
            {
                Title = "What Powerpropagation and its controls change",
                Note = $"Difference from the baseline on the same seeds, with its {Counted.IntervalName(this.plan.Seeds)}, each method at the learning rate that tuning chose.",
                Metrics = [.. compared.Select(m => ShownMetric.All[m].Column)],
                Rows = [.. differences.Select(d => new SummaryRow(d.Method, [.. compared.Select(m => this.Difference(d.Method, d.Baseline, m))], $"against {d.Baseline}: {d.What}"))],
            };
        }

        if (this.Matched() is { } matched)
            yield return matched;
        var shares = Controls.Where(c => this.Runs(c.Control).Count > 0).ToArray();
        if (shares.Length > 0 && this.Runs(Exact).Count > 0 && this.Runs(Plain).Count > 0)
        {
            string[] metrics = [MetricNames.LargestSparsity, MetricNames.AccuracyAtThreePercent, MetricNames.WeightHoyer, MetricNames.WeightGini];
            yield return new()
            {
                Title = "What part of Powerpropagation's sparsity each control explains",
                Note = $"(control − {Plain}) / ({Exact} − {Plain}), with its {Counted.IntervalName(this.plan.Seeds)} over seeds: 1 is all of the gain, 0 none of it. Undefined where {Exact} gains nothing.",
                Metrics = [.. metrics.Select(m => new ReportMetric("Share of " + ShownMetric.All[m].Column.Name, Format: "0.00"))],
                Rows = [.. shares.Select(c => new SummaryRow(c.Control, [.. metrics.Select(m => this.Share(c.Control, m))], c.What))],
            };
        }

        yield return ReportRows.Table("The representation", this.Over,
            [MetricNames.EffectiveRank, MetricNames.DeadUnits, MetricNames.LifetimeSparseness, MetricNames.ClassSelectivity, MetricNames.MeanAbsoluteCorrelation, MetricNames.RelativeWeightChange],
            ReportRows.WithUntrained(this.selection, this.atWinner.Select(r => (r.Method, "", r.Runs))), this.plan.ResultSeeds);
    }

    /// <summary>The rate that prunes best among those that learn as much as the plain optimizer can, less a point.</summary>
    private SummaryTable? Matched()
    {
        var atRates = this.selection.AtRates();
        if (!atRates.TryGetValue(Plain, out var plain))
            return null;
        double Dense(IReadOnlyList<RunRecord> runs) => this.Mean(runs, MetricNames.AverageAccuracy).Estimate;
        var bar = plain.Select(r => Dense(r.Runs)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max() - 0.01;
        return new()
        {
            Title = "At matched dense accuracy",
            Note = string.Create(CultureInfo.InvariantCulture, $"Of the rates at which results ran and whose dense accuracy is at least {bar:0.000} (a point below the best of {Plain}), the one with the highest mean accuracy at 10% kept: chosen on the same runs, so a little flattering to all alike. No row: no rate learns that much."),
            Metrics = [.. new[] { MetricNames.AverageAccuracy, MetricNames.AccuracyAtTenPercent, MetricNames.AccuracyAtThreePercent, MetricNames.LargestSparsity }.Select(m => ShownMetric.All[m].Column)],
            Rows = [.. from method in this.plan.Methods
                       let whole = atRates[method.Name].Where(r => this.IsWhole(r.Runs) && Dense(r.Runs) >= bar).ToArray()
                       where whole.Length > 0
                       let best = whole.MaxBy(r => this.Mean(r.Runs, MetricNames.AccuracyAtTenPercent).Estimate)
                       select new SummaryRow(method.Name,
                           [.. new[] { MetricNames.AverageAccuracy, MetricNames.AccuracyAtTenPercent, MetricNames.AccuracyAtThreePercent, MetricNames.LargestSparsity }.Select(m => this.Mean(best.Runs, m))],
                           string.Create(CultureInfo.InvariantCulture, $"lr {best.Rate}"))],
        };
    }

    private Interval Difference(string method, string baseline, string metric) =>
        ShownMetric.Of(metric).Values.OfDifference.Cut(Summary.Of(this.Values(method, metric).Zip(this.Values(baseline, metric), (a, b) => a - b)).Mean);

    private Interval Share(string control, string metric)
    {
        var (plain, exact, part) = (this.Values(Plain, metric), this.Values(Exact, metric), this.Values(control, metric));
        return BootstrapInterval.Of(this.plan.Seeds, seeds =>
        {
            double Mean(double[] values) => seeds.Average(s => values[s]);
            var gain = Mean(exact) - Mean(plain);
            return gain <= 0 ? double.NaN : (Mean(part) - Mean(plain)) / gain;
        }, resamples: 2000);
    }

    private double[] Values(string method, string metric) => ReportRows.Values(this.Runs(method), this.plan.ResultSeeds, metric);

    private Interval Mean(IReadOnlyList<RunRecord> of, string metric) => ReportRows.Mean(of, this.plan.ResultSeeds, metric);

    /// <summary>The curves of two dozen methods in one figure are a thicket: controls, powers and the others apart.</summary>
    private IEnumerable<(string Id, string Title, IReadOnlyList<string> Methods)> Groups()
    {
        string[] all = [.. this.plan.Methods.Select(m => m.Name)];
        if (all.Length <= 10)
            return [("", "", all)];
        string[] controls = [Plain, Exact, .. Controls.Select(c => c.Control)];
        string[] powers = [.. this.plan.Methods.Where(m => m.Hyperparameters.ContainsKey("alpha") && !m.Optimizer.Contains("Preconditioned", StringComparison.Ordinal)).Select(m => m.Name)];
        return new[]
        {
            ("", ": Powerpropagation and its controls", all.Intersect(controls).ToArray()),
            ("-powers", ": Powerpropagation by power", all.Intersect(powers).ToArray()),
            ("-others", ": the others", all.Except(controls).Except(powers).Append(Plain).Intersect(all).ToArray()),
        }.Where(g => g.Item3.Length > 0).Select(g => (g.Item1, g.Item2, (IReadOnlyList<string>)g.Item3));
    }

    private LineFigure Pruning((string Id, string Title, IReadOnlyList<string> Methods) group) => new()
    {
        Id = "pruning-curves" + group.Id,
        Title = "Accuracy against the fraction of weights kept" + group.Title,
        Caption = $"One-shot magnitude pruning at the tuned learning rate; {Counted.MeanAndInterval(this.plan, this.runs)}.{this.Survivors(group.Methods)}",
        X = new("fraction kept", Logarithmic: true),
        Y = new("accuracy", Minimum: 0, Maximum: 1),
        References = Yardsticks.Lines(this.plan.Of(SparsityStudy.Scenario)),
        Series = [.. this.atWinner.Where(r => group.Methods.Contains(r.Method)).Select(r => Curve(r.Method, r.Runs)).OfType<LineSeries>()],
    };

    private LineFigure Family((string Id, string Title, IReadOnlyList<string> Methods) group)
    {
        var atRates = this.selection.AtRates();
        return new()
        {
            Id = "pruning-family" + group.Id,
            Title = "The same over the family of learning rates" + group.Title,
            Caption = "For each fraction kept the best mean accuracy over the rates at which results run: what the method could give to somebody who tunes for sparse accuracy. A rate at which a seed diverged is left out: the best of those that survive would flatter it.",
            X = new("fraction kept", Logarithmic: true),
            Y = new("accuracy", Minimum: 0, Maximum: 1),
            Series = [.. group.Methods.Select(name =>
            {
                var curves = atRates[name].Where(r => this.IsWhole(r.Runs)).Select(r => Curve(name, r.Runs)).OfType<LineSeries>().ToArray();
                return curves.Length == 0 ? null : new LineSeries(name, curves[0].X,
                    [.. Enumerable.Range(0, curves[0].X.Count).Select(i => curves.Select(c => c.Y[i]).MaxBy(y => y.Estimate))]);
            }).OfType<LineSeries>()],
        };
    }

    private HistogramFigure Histogram() => new()
    {
        Id = "weight-histogram",
        Title = "How large the weights are",
        Caption = "Histogram of log₁₀|w| over all weights but biases, averaged over seeds, at the tuned learning rate; what is smaller counts in the first bin.",
        X = new("log₁₀|w|"),
        Y = new("fraction of the weights"),
        Edges = PruningProbe.HistogramEdges,
        Series = [.. this.atWinner.Where(r => r.Runs.Any(Whole) && this.Groups().First().Methods.Contains(r.Method)).Select(r => new HistogramSeries(r.Method,
            [.. Enumerable.Range(0, PruningProbe.HistogramEdges.Count - 1).Select(i => r.Runs.Where(Whole).Average(run => Named(run, "weight histogram").Y[i]))]))],
    };

    private static bool Whole(RunRecord run) => run.Diverged is null;

    /// <summary>Whether every seed came to its end.</summary>
    private bool IsWhole(IReadOnlyList<RunRecord> runs) => runs.Count == this.plan.Seeds && runs.All(Whole);

    /// <summary>The methods of which the tuned rate diverged for some seed, as part of a caption; empty where there are none.</summary>
    private string Survivors(IEnumerable<string> methods)
    {
        string[] told =
        [
            .. from r in this.atWinner
               where methods.Contains(r.Method) && r.Runs.Any(Whole) && !this.IsWhole(r.Runs)
               select $"{r.Method} {r.Runs.Count(Whole)} of {this.plan.Seeds}",
        ];
        return told.Length == 0 ? "" : $" Seeds that came to their end: {string.Join(", ", told)}.";
    }

    private static Curve Named(RunRecord run, string name) => run.Curves.First(c => c.Name == name);

    private static LineSeries? Curve(string method, IReadOnlyList<RunRecord> runs)
    {
        var curves = runs.Where(Whole).Select(r => Named(r, "pruning")).ToArray();
        return curves.Length == 0 ? null : new(method, curves[0].X,
            [.. Enumerable.Range(0, curves[0].X.Count).Select(i => MetricRange.Unit.Cut(Summary.Of(curves.Select(c => c.Y[i])).Mean))]);
    }
}
