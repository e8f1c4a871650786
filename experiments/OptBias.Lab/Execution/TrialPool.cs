using System.Diagnostics;
using System.Runtime.ExceptionServices;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using TorchSharp;

namespace OptBias.Lab.Execution;

/// <summary>Runs trials on all cores: one thread for each job, and inside each thread torch uses one core.</summary>
/// <remarks>
/// A trial's numbers come from its own settings and from one thread only, so they do not depend on the number of jobs or
/// on who finishes first.
/// </remarks>
/// <param name="jobs">Trials at the same time, at least one.</param>
/// <param name="progress">Told what happens.</param>
/// <param name="failed">Told of a trial that failed, after which the others go on; null: the first one stops all.</param>
public sealed class TrialPool(int jobs, IStudyProgress progress, Action<Trial, TrialException>? failed = null)
{
    /// <summary>Runs the trials that the store does not have yet, and stores each as it finishes.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="context">What they share; its store keeps the results.</param>
    /// <param name="cancellation">Stops after the current step of each trial.</param>
    /// <exception cref="OperationCanceledException">Cancelled; finished trials are kept.</exception>
    /// <exception cref="TrialException">A trial failed; the others are stopped, finished ones are kept.</exception>
    public void Run(IReadOnlyList<Trial> trials, TrialContext context, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = new Queue<Trial>(trials.Where(t => context.Store.Find(t.Key) is null));
        Exception? failure = null;
        var threads = Enumerable.Range(0, Math.Min(jobs, Math.Max(1, waiting.Count))).Select(i =>
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"trials {i + 1}" };
            thread.Start();
            return thread;
        }).ToArray();
        foreach (var thread in threads)
            thread.Join();
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            // Torch keeps the number per thread: without this every worker would start a thread for each core.
            torch.set_num_threads(1);
            while (!stop.IsCancellationRequested && Next() is { } trial)
            {
                try
                {
                    this.Run(trial, context, stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (Exception e) when (failed is not null && e is not StorageException)
                {
                    failed(trial, new TrialException(trial, e));
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, e is StorageException ? e : new TrialException(trial, e), null);
                    stop.Cancel();
                }
            }
        }

        Trial? Next()
        {
            lock (waiting)
                return waiting.TryDequeue(out var trial) ? trial : null;
        }
    }

    private void Run(Trial trial, TrialContext context, CancellationToken cancellation)
    {
        progress.TrialStarted(trial);
        var watch = Stopwatch.StartNew();
        var outcome = trial.Execute(context, cancellation);
        var record = new RunRecord
        {
            Key = trial.Key,
            Phase = trial.Phase,
            Method = trial.Method,
            Seed = trial.Seed,
            Settings = new Dictionary<string, string>(trial.Settings()),
            Diverged = outcome.Diverged,
            Metrics = outcome.Metrics,
            Curves = outcome.Curves,
            WallSeconds = watch.Elapsed.TotalSeconds,
            Finished = DateTime.UtcNow,
            Version = Studies.Environment.FullVersion,
            Machine = Studies.Environment.Machine,
        };
        context.Store.Add(record, outcome.Artifact);
        progress.TrialFinished(trial, record);
    }
}

/// <summary>A trial could not be done, for a reason that is no result.</summary>
/// <param name="trial">The trial.</param>
/// <param name="inner">What happened.</param>
public sealed class TrialException(Trial trial, Exception inner)
    : Exception($"{trial.Phase} of {trial.Method}, seed {trial.Seed}: {inner.Message.Split('\n')[0].Trim()}", inner);
