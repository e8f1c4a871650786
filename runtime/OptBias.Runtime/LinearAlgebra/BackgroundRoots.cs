using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Roots that are computed on another thread from the factors of one refresh step and wait for the next. When they are taken
/// over depends on the step alone, never on how fast the other thread is.
/// </summary>
internal sealed class BackgroundRoots : IDisposable
{
    /// <summary>The largest of <see cref="Outcomes"/>.</summary>
    public const long LastOutcome = (long)Outcome.Failed;

    private Task<RootRefresh[]>? running;
    private long[] outcomes;
    private Exception?[] failures;

    public BackgroundRoots(int blocks)
    {
        this.outcomes = new long[blocks];
        this.failures = new Exception?[blocks];
    }

    private enum Outcome : long
    {
        None,
        Ready,
        Failed,
    }

    /// <summary>For each block what waits for the next refresh. Only after <see cref="Settle"/>.</summary>
    public IReadOnlyList<long> Outcomes => this.outcomes;

    /// <summary>
    /// Starts from copies of the factors: the originals change meanwhile. Those of a device are decomposed on the CPU, where it takes
    /// no longer (matrices of some hundred rows) and leaves the device to the steps, which share its stream.
    /// </summary>
    public void Start(IReadOnlyList<KroneckerBlock> blocks, RootRequest request)
    {
        foreach (var block in blocks)
            SimdMatrices.CompleteTriangles(block.Factors);
        var snapshots = blocks.Select(static block => (Factors: Copy(block.Factors), Bases: block.Bases is null ? null : Copy(block.Bases))).ToArray();
        this.running = Task.Run(() =>
        {
            try
            {
                return snapshots.Select(snapshot => RootRefresh.Compute(snapshot.Factors, snapshot.Bases, request).Judged()).ToArray();
            }
            finally
            {
                foreach (var tensor in snapshots.SelectMany(static snapshot => snapshot.Factors.Concat(snapshot.Bases ?? [])))
                    tensor.Dispose();
            }
        });
    }

    /// <summary>Waits for the other thread and brings its results into the blocks' state, where they are saved with the rest.</summary>
    public void Settle(IReadOnlyList<KroneckerBlock> blocks)
    {
        if (this.running is not { } task)
            return;
        this.running = null;
        var results = task.GetAwaiter().GetResult();
        for (var i = 0; i < blocks.Count; i++)
        {
            using var result = results[i];
            this.failures[i] = result.Failure;
            this.outcomes[i] = (long)(result.Failure is null ? Outcome.Ready : Outcome.Failed);
            if (result.Failure is null)
                blocks[i].Keep(result);
        }
    }

    /// <summary>Hands the results that wait to the blocks, as refreshes to take over. Nothing waits afterwards.</summary>
    public void Take(IReadOnlyList<KroneckerBlock> blocks)
    {
        this.Settle(blocks);
        for (var i = 0; i < blocks.Count; i++)
        {
            blocks[i].Refresh = (Outcome)this.outcomes[i] switch
            {
                Outcome.Ready => blocks[i].Kept(),
                Outcome.Failed => RootRefresh.Failed(this.failures[i] ?? new ArithmeticException("The root could not be computed before the state was saved.")),
                _ => null,
            };
            this.outcomes[i] = (long)Outcome.None;
            this.failures[i] = null;
        }
    }

    /// <summary>Drops what is computed and what waits.</summary>
    public void Forget()
    {
        this.Dispose();
        Array.Clear(this.outcomes);
        Array.Clear(this.failures);
    }

    /// <summary>Sets <see cref="Outcomes"/> from a checkpoint.</summary>
    public void SetOutcomes(ReadOnlySpan<long> values)
    {
        this.outcomes = values.ToArray();
        this.failures = new Exception?[values.Length];
    }

    public void Dispose()
    {
        if (this.running is { } task)
        {
            foreach (var result in task.GetAwaiter().GetResult())
                result.Dispose();
        }

        this.running = null;
    }

    private static Tensor[] Copy(Tensor[] tensors) => [.. tensors.Select(static tensor => tensor.to(CPU, copy: true).DetachFromDisposeScope())];
}
