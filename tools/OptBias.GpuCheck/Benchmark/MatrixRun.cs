using OptBias.Benchmarks.Measurement;
using OptBias.GpuCheck.Devices;
using OptBias.Optimizers;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.GpuCheck.Benchmark;

/// <summary>Measures the steps of the matrix family beside AdamW's on the same parameters: what calls, waits and decompositions add to memory's time.</summary>
internal sealed class MatrixRun
{
    /// <summary>The step that the others are compared with.</summary>
    public const string Reference = "AdamW";

    private const int Never = 1_000_000;

    /// <summary>Where.</summary>
    public required Target Target { get; init; }

    /// <summary>Rounds that count.</summary>
    public required int Rounds { get; init; }

    /// <summary>Shortest time, in seconds, that a contender takes in a round.</summary>
    public required double ShortestRound { get; init; }

    /// <summary>Measures square matrices; what fails becomes the result's problem.</summary>
    /// <param name="count">How many.</param>
    /// <param name="size">Their rows.</param>
    public MatrixResult Run(int count, long size)
    {
        var result = new MatrixResult { Work = $"{count} matrices of {size} × {size}" };
        var owned = new Stack<IDisposable>();
        try
        {
            var contenders = new List<Contender>();
            Add(Reference, parameters => new AdamW(parameters, lr: 1e-5));
            Add("MuonMatrix", parameters => new MuonMatrix(parameters, lr: 1e-5));
            Add("Shampoo, roots kept", parameters => new Shampoo(parameters, lr: 1e-5, update_every: Never));
            Add("Shampoo, roots in every step", parameters => new Shampoo(parameters, lr: 1e-5, update_every: 1));
            Add("Soap, bases kept", parameters => new Soap(parameters, lr: 1e-5, update_every: Never));
            Add("Soap, bases in every step", parameters => new Soap(parameters, lr: 1e-5, update_every: 1));
            var samples = new Interleaved { Rounds = this.Rounds, WarmUp = 2, ShortestRound = this.ShortestRound, Settle = this.Target.Synchronize }.Run(contenders);
            return result with { Contenders = [.. samples.Select(s => new ContenderResult(s.Name, s))] };

            void Add(string name, Func<IEnumerable<Parameter>, DeclaredOptimizer> make)
            {
                var parameters = MeasuredParameters.Make(this.Target, Enumerable.Repeat(new[] { size, size }, count), owned);
                var optimizer = make(parameters);
                owned.Push(optimizer);
                contenders.Add(new(name, () => optimizer.step()));
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return result with { Problem = $"{failure.GetType().Name}: {failure.Message.Split('\n')[0].Trim()}" };
        }
        finally
        {
            while (owned.TryPop(out var item))
                item.Dispose();
        }
    }
}

/// <summary>What was measured on one list of matrices.</summary>
internal sealed record MatrixResult
{
    /// <summary>The list.</summary>
    public required string Work { get; init; }

    /// <summary>Who was measured.</summary>
    public IReadOnlyList<ContenderResult> Contenders { get; init; } = [];

    /// <summary>Why nothing could be measured; null if something was.</summary>
    public string? Problem { get; init; }
}
