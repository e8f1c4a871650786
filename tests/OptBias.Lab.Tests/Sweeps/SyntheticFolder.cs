using OptBias.Lab.Commands;
using OptBias.Lab.Data;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Tests.Sweeps;

/// <summary>A folder of results as large as wanted, as a sweep leaves it: most runs in packs, the last ones in files.</summary>
/// <remarks>One run of each kind is trained; the others are the same with other numbers, so that files have their true size and names.</remarks>
internal static class SyntheticFolder
{
    private const int RunsInPack = 1000;
    private const int LooseRuns = 500;

    /// <summary>Makes the folder.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="data">What the patterns are trained on.</param>
    /// <param name="wanted">About so many runs.</param>
    /// <returns>The runs that there are.</returns>
    public static int Make(string directory, ImageData data, int wanted)
    {
        var laboratory = Laboratory.Default;
        var study = laboratory.Studies[0];
        string[] methods = ["Sgd", "SgdMomentum", "AdamW", "Shampoo", "ShampooNoGraft", "Soap", "Muon", "PowerPropSgd", "Lion"];
        // Each seed has a run at each of 12 rates of each method, and one of the untrained network; tuning has three seeds.
        var seeds = Math.Max(2, (wanted - (methods.Length * 12 * 3)) / ((methods.Length * 12) + 1));
        var plan = laboratory.Plan(study, "full", methods, null, seeds);
        using var store = RunStore.Open(directory, plan.Manifest(study, data.Description, "optbias run class-incremental --preset full"), fresh: true);
        var patterns = new Dictionary<string, TrialOutcome>(StringComparer.Ordinal);
        foreach (var stage in study.Stages(plan))
        {
            store.Reload();
            RunRecord[] runs = [.. stage.Trials(store.Records).Select(trial => Record(trial, store.Manifest))];
            foreach (var chunk in runs.SkipLast(LooseRuns).Chunk(RunsInPack))
                DurableFile.Write(Path.Combine(Directory.CreateDirectory(Path.Combine(directory, "packs")).FullName, $"{stage.Name}-{chunk[0].Key}.parquet"), PackFile.Write(chunk));
            foreach (var run in runs.TakeLast(LooseRuns))
                store.Add(run);
        }

        store.Reload();
        return store.Records.Count;

        RunRecord Record(Trial trial, Manifest manifest)
        {
            if (!patterns.TryGetValue(trial.Phase, out var pattern))
                patterns[trial.Phase] = pattern = trial.Execute(new(data, laboratory.Optimizers, store), default);
            // A hash of a string is another one in each process.
            var random = new Random(BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(trial.Key))));
            // Smaller only: what is a fraction stays one.
            double Other(double value) => value * (1 - (0.3 * random.NextDouble()));
            return new()
            {
                Key = trial.Key,
                Phase = trial.Phase,
                Method = trial.Method,
                Seed = trial.Seed,
                Settings = new Dictionary<string, string>(trial.Settings()),
                Diverged = random.Next(200) == 0 && trial.Phase == Phase.Result ? "task 2: the loss is NaN" : null,
                Metrics = pattern.Metrics.ToDictionary(m => m.Key, m => Other(m.Value)),
                Curves = [.. pattern.Curves.Select(c => c with { Y = [.. c.Y.Select(Other)] })],
                WallSeconds = 10 * random.NextDouble(),
                Finished = DateTime.UtcNow,
                Version = OptBias.Lab.Studies.Environment.FullVersion,
                Machine = OptBias.Lab.Studies.Environment.Machine,
                Study = manifest.Study,
                Manifest = manifest.Fingerprint,
            };
        }
    }
}
