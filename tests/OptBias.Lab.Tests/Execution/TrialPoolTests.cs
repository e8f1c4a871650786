using OptBias.Lab.Execution;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Tests.Training;
using OptBias.Lab.Training;
using TorchSharp;

namespace OptBias.Lab.Tests.Execution;

public sealed class TrialPoolTests(SmallDigits digits) : IClassFixture<SmallDigits>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Every_trial_is_run_once_and_stored()
    {
        using var store = this.Open();
        var trials = Trials(7, (seed, _) => new() { Metrics = new Dictionary<string, double> { ["seed"] = seed } });
        new TrialPool(3, new Silent()).Run(trials, this.Context(store), default);
        Assert.Equal(Enumerable.Range(1, 7).Select(s => (double)s), store.Records.OrderBy(r => r.Seed).Select(r => r.Metric("seed")));
        Assert.All(store.Records, r => Assert.Contains("libtorch", r.Machine, StringComparison.Ordinal));
    }

    [Fact]
    public void Finished_trials_are_not_run_again()
    {
        using var store = this.Open();
        var runs = 0;
        var trials = Trials(4, (_, _) =>
        {
            Interlocked.Increment(ref runs);
            return new();
        });
        new TrialPool(1, new Silent()).Run([.. trials.Take(2)], this.Context(store), default);
        new TrialPool(2, new Silent()).Run(trials, this.Context(store), default);
        Assert.Equal(4, runs);
    }

    [Fact]
    public void Each_worker_uses_one_core()
    {
        using var store = this.Open();
        var threads = new System.Collections.Concurrent.ConcurrentBag<int>();
        new TrialPool(3, new Silent()).Run(
            Trials(6, (_, _) =>
            {
                threads.Add(torch.get_num_threads());
                return new();
            }),
            this.Context(store), default);
        Assert.All(threads, n => Assert.Equal(1, n));
    }

    [Fact]
    public void A_failing_trial_is_named_and_the_finished_ones_are_kept()
    {
        using var store = this.Open();
        var e = Assert.Throws<TrialException>(() => new TrialPool(1, new Silent()).Run(
            Trials(4, (seed, _) => seed == 3 ? throw new InvalidOperationException("out of luck") : new()), this.Context(store), default));
        Assert.Equal("result of Sgd, seed 3: out of luck", e.Message);
        Assert.Equal([1, 2], store.Records.Select(r => r.Seed).Order());
    }

    [Fact]
    public void Cancellation_keeps_what_is_finished_and_stores_nothing_half_done()
    {
        using var store = this.Open();
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => new TrialPool(1, new Silent()).Run(
            Trials(4, (seed, token) =>
            {
                if (seed == 2)
                    cancel.Cancel();
                token.ThrowIfCancellationRequested();
                return new();
            }),
            this.Context(store), cancel.Token));
        Assert.Equal([1], store.Records.Select(r => r.Seed));
    }

    [Fact]
    public void Keys_tell_trials_apart_by_everything_that_defines_them()
    {
        var trial = Trials(1, (_, _) => new())[0];
        Assert.Equal(trial.Key, (trial with { }).Key);
        string[] keys = [trial.Key, (trial with { Seed = 2 }).Key, (trial with { Method = "AdamW" }).Key, (trial with { Phase = Phase.Tuning }).Key, (trial with { Setting = "b" }).Key];
        Assert.Equal(5, keys.Distinct().Count());
    }

    private static List<FakeTrial> Trials(int count, Func<int, CancellationToken, TrialOutcome> work) =>
        [.. Enumerable.Range(1, count).Select(seed => new FakeTrial { Phase = Phase.Result, Method = "Sgd", Seed = seed, Work = work })];

    private TrialContext Context(RunStore store) => new(digits.Data, DeclaredOptimizers.Default, store);

    private RunStore Open() => RunStore.Open(this.directory.Path, new()
    {
        Version = "0.1.0",
        Study = "some",
        Data = "digits",
        Grid = new Dictionary<string, string>(),
        Request = new("quick", ["Sgd"], "mlp", 1, ""),
    }, fresh: false);

    private sealed record FakeTrial : Trial
    {
        public required Func<int, CancellationToken, TrialOutcome> Work { get; init; }

        public string Setting { get; init; } = "a";

        public override IEnumerable<KeyValuePair<string, string>> Settings() => [new("setting", this.Setting)];

        public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation) => this.Work(this.Seed, cancellation);
    }

    private sealed class Silent : IStudyProgress
    {
        public void StageStarted(string name, int trials, int finished)
        {
        }

        public void Planned(IReadOnlyDictionary<string, int> left)
        {
        }

        public void TrialStarted(Trial trial)
        {
        }

        public void TrialAdvanced(Trial trial, string where, double accuracy)
        {
        }

        public void TrialFinished(Trial trial, RunRecord record)
        {
        }
    }
}
