using OptBias.Lab.Reports;
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
        IReadOnlyList<string> all = directories.Count > 0 ? directories
            : [.. laboratory.Studies.Select(s => Path.Combine("results", s.Name)).Where(d => File.Exists(Path.Combine(d, "manifest.json")))];
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

    /// <summary>For each method that has them all the values [metric][seed], each metric from the first study that measured it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double>>> Values(IReadOnlyList<string> metrics)
    {
        var sources = metrics.Select(metric => this.studies.First(s => s.AtWinner.Any(r => r.Runs.Any(run => run.Metrics.ContainsKey(metric))))).ToArray();
        var seeds = sources.Min(s => s.Plan.Seeds);
        var result = new SortedDictionary<string, IReadOnlyList<IReadOnlyList<double>>>(StringComparer.Ordinal);
        foreach (var method in sources[0].AtWinner.Select(r => r.Method).Where(m => sources.All(s => s.AtWinner.Any(r => r.Method == m))))
        {
            result[method] = [.. metrics.Select((metric, i) =>
                (IReadOnlyList<double>)ReportRows.Values(sources[i].AtWinner.Single(r => r.Method == method).Runs, [.. sources[i].Plan.ResultSeeds.Take(seeds)], metric))];
        }

        return result.Count > 0 ? result
            : throw new ArgumentException($"No optimizer has results for all of {string.Join(", ", metrics)}: the studies that measured them compared different optimizers.");
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
