using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Commands;

/// <summary>The results of several studies, each method at the learning rate that its study's tuning chose.</summary>
internal sealed class StoredResults
{
    /// <summary>Short names of the metrics that people wish for.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["accuracy"] = MetricNames.AverageAccuracy,
        ["sparsity"] = MetricNames.LargestSparsity,
        ["learning"] = MetricNames.LearningAccuracy,
        ["rank"] = MetricNames.EffectiveRank,
        ["hoyer"] = MetricNames.WeightHoyer,
        ["sharpness"] = MetricNames.TopHessianEigenvalue,
    };

    private readonly List<(RunStore Store, StudyPlan Plan, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> AtWinner)> studies = [];

    private IEnumerable<string> Known => this.studies
        .SelectMany(s => s.AtWinner).SelectMany(r => r.Runs).SelectMany(r => r.Metrics.Keys)
        .Where(m => !m.StartsWith(MetricNames.SecondsPrefix, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Reads the folders; without any, those of all studies in <c>results</c>.</summary>
    /// <exception cref="StorageException">A folder holds no results, or none that can be chosen from.</exception>
    public static StoredResults Load(Laboratory laboratory, IReadOnlyList<string> directories)
    {
        var all = directories.Count > 0 ? directories : laboratory.Folders();
        if (all.Count == 0)
            throw new StorageException("There are no results yet. Run a study first (optbias run), or name folders of results.");
        var results = new StoredResults();
        foreach (var directory in all)
        {
            var store = RunStore.OpenExisting(directory);
            ReportCommand.Warn(store, "The ranking is without it; optbias run does the run again");
            var (study, plan) = laboratory.Of(store);
            if (study.Choices(plan, store.Records) is { } choices)
                results.studies.Add((store, plan, choices.AtWinners()));
        }

        return results.studies.Count > 0 ? results
            : throw new StorageException($"None of {string.Join(", ", all)} holds results of single settings to choose from.");
    }

    /// <summary>The stored name of a metric as somebody wrote it.</summary>
    /// <exception cref="ArgumentException">No result has it; the message names the nearest.</exception>
    public string Resolve(string metric)
    {
        var name = Aliases.GetValueOrDefault(metric, metric.ToLowerInvariant());
        var known = this.Known.ToArray();
        return known.Contains(name) ? name
            : throw new ArgumentException($"No stored result has the metric '{metric}'. {NearestName.Suggest(metric, [.. known, .. Aliases.Keys])}Known: {string.Join(", ", known)}; short names: {string.Join(", ", Aliases.Keys)}.");
    }

    /// <summary>
    /// The results of the one study whose networks have all metrics: a forgetting of one network and a sparsity of another are no network's. Of
    /// several such studies it is the first by name and folder, whatever the order in which they were given.
    /// </summary>
    /// <exception cref="ArgumentException">No study measured them all; the message says where each was measured.</exception>
    public StoredResults Having(IReadOnlyList<string> metrics)
    {
        var having = this.studies.Where(s => metrics.All(metric => Has(s, metric)))
            .OrderBy(s => s.Store.Manifest.Study, StringComparer.Ordinal).ThenBy(s => Path.GetFullPath(s.Store.Directory), StringComparer.Ordinal).ToArray();
        if (having.Length == 0)
        {
            var where = metrics.Distinct().Select(metric => $"{metric} in {string.Join(", ", this.studies.Where(s => Has(s, metric)).Select(s => s.Store.Manifest.Study).Order(StringComparer.Ordinal))}");
            throw new ArgumentException($"No study measured all of it on the same networks: {string.Join("; ", where)}. Numbers of different networks are not joined; wish for what one study measured.");
        }

        var one = new StoredResults();
        one.studies.Add(having[0]);
        return one;

        static bool Has((RunStore Store, StudyPlan Plan, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> AtWinner) study, string metric) =>
            study.AtWinner.Any(r => r.Runs.Any(run => run.Metrics.ContainsKey(metric)));
    }

    /// <summary>The study and the folder that the numbers are from.</summary>
    public string Source => string.Join("; ", this.studies.Select(s => $"{s.Store.Manifest.Study} in {s.Store.Directory}"));

    /// <summary>The results of the named folders, or of all studies' where there are any; null where there are none and none were named.</summary>
    /// <exception cref="StorageException">A folder that was named holds no results.</exception>
    public static StoredResults? LoadIfAny(Laboratory laboratory, IReadOnlyList<string> directories) =>
        directories.Count == 0 && laboratory.Folders().Count == 0 ? null : Load(laboratory, directories);

    /// <summary>What the studies found of an optimizer at the learning rate that tuning chose: study, metric, mean over seeds with its interval.</summary>
    public IReadOnlyList<(string Study, string Metric, Interval Mean)> Findings(string optimizer) =>
    [
        .. from study in this.studies
           from winner in study.AtWinner
           where winner.Method == optimizer
           from metric in winner.Runs.SelectMany(r => r.Metrics.Keys).Distinct().Order(StringComparer.Ordinal)
           where !metric.StartsWith(MetricNames.SecondsPrefix, StringComparison.Ordinal)
           select (study.Store.Manifest.Study, metric, BootstrapInterval.OfMean(ReportRows.Values(winner.Runs, study.Plan.ResultSeeds, metric), 0)),
    ];

    /// <summary>For each method the values [metric][seed] of the one study that is left.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="among">The optimizers to choose from, each with its variants; all if null.</param>
    /// <exception cref="ArgumentException">The study trained none of those to choose from.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double>>> Values(IReadOnlyList<string> metrics, IReadOnlyList<string>? among = null)
    {
        var (_, plan, atWinner) = this.studies.Single();
        var result = new SortedDictionary<string, IReadOnlyList<IReadOnlyList<double>>>(StringComparer.Ordinal);
        foreach (var (method, runs) in atWinner.Where(r => among is null || among.Contains(r.Method.Split('-')[0])))
            result[method] = [.. metrics.Select(metric => (IReadOnlyList<double>)ReportRows.Values(runs, plan.ResultSeeds, metric))];
        return result.Count > 0 ? result
            : throw new ArgumentException($"{this.Source} trained none of {string.Join(", ", among ?? [])}, which the other wishes choose.");
    }

    /// <summary>Where the numbers come from.</summary>
    public ReportSettings Settings(string command) => new()
    {
        Command = command,
        Seeds = [.. Enumerable.Range(1, this.studies.Min(s => s.Plan.Seeds))],
        DataFingerprint = string.Join("; ", this.studies.Select(s => s.Store.Manifest.Data).Distinct()),
        Machines = ReportCommand.MachinesOf(this.studies.SelectMany(static s => s.Store.Records)),
        Commit = Studies.Environment.Commit,
        WallTime = TimeSpan.FromSeconds(this.studies.Sum(s => s.Store.Records.Sum(r => r.WallSeconds))),
        Runs = this.studies.Sum(s => s.Store.Records.Count),
        Others = new SortedDictionary<string, string>(this.studies.ToDictionary(s => s.Store.Manifest.Study, s => s.Store.Manifest.Request.Command), StringComparer.Ordinal),
    };
}
