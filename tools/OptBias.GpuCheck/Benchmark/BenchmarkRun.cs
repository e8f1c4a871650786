using System.Diagnostics;
using System.Text.Json.Nodes;
using OptBias.Benchmarks.Measurement;
using OptBias.GpuCheck.Devices;
using OptBias.Optimizers;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace OptBias.GpuCheck.Benchmark;

/// <summary>
/// Measures AdamW's step on float32 parameters: all contenders in the same rounds, each time from an idle device to an idle device,
/// so often in a row that waiting at the ends does not count.
/// </summary>
internal sealed class BenchmarkRun
{
    private const long LargestCopy = 1L << 30;
    private const int HostRounds = 15;

    private static readonly IReadOnlyDictionary<string, JsonObject> PyTorchModes = new Dictionary<string, JsonObject>
    {
        [WorkResult.PyTorchFused] = new() { ["fused"] = true },
        [WorkResult.PyTorchForeach] = new() { ["foreach"] = true },
    };

    /// <summary>Where.</summary>
    public required Target Target { get; init; }

    /// <summary>PyTorch; null if there is none.</summary>
    public PyTorchPeer? PyTorch { get; init; }

    /// <summary>Why there is no PyTorch.</summary>
    public string? NoPyTorch { get; init; }

    /// <summary>Rounds that count.</summary>
    public required int Rounds { get; init; }

    /// <summary>Shortest time, in seconds, that a contender takes in a round.</summary>
    public required double ShortestRound { get; init; }

    /// <summary>Measures one list of parameters; what fails becomes the result's problem.</summary>
    public WorkResult Run(BenchmarkWork work)
    {
        var result = new WorkResult { Work = work.Name, Tensors = work.Shapes.Count, Elements = work.Elements, BytesMoved = work.Elements * AdamW.Cost.BytesMoved(ScalarType.Float32) };
        var owned = new Stack<IDisposable>();
        try
        {
            return this.Measure(work, result, owned);
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

    private WorkResult Measure(BenchmarkWork work, WorkResult result, Stack<IDisposable> owned)
    {
        var parameters = MeasuredParameters.Make(this.Target, work.Shapes, owned);
        var generated = Own(new AdamW(parameters, lr: 1e-5) { Backend = Backend.Fused });
        var torchSharp = Own(optim.AdamW(parameters, 1e-5));
        var copied = Math.Min(LargestCopy, result.BytesMoved / 2) / sizeof(float);
        var (source, destination) = (Own(this.NewOnes(copied)), Own(this.NewOnes(copied)));
        var contenders = new List<Contender>
        {
            new(WorkResult.Generated, () => generated.step()),
            new(WorkResult.TorchSharp, () => torchSharp.step()),
            new(WorkResult.Floor, () => destination.copy_(source)),
        };
        var missing = this.AddPyTorch(work, contenders, owned);

        var samples = new Interleaved { Rounds = this.Rounds, ShortestRound = this.ShortestRound, Settle = this.Target.Synchronize }.Run(contenders);
        var copy = samples.Single(s => s.Name == WorkResult.Floor);
        var scale = result.BytesMoved / (2.0 * copied * sizeof(float));
        return result with
        {
            CopyBandwidth = 2.0 * copied * sizeof(float) / copy.Median,
            HostSeconds = this.HostTime(generated),
            Contenders =
            [
                .. samples.Select(s => new ContenderResult(s.Name, s.Name == WorkResult.Floor ? new Samples(s.Name, [.. s.Seconds.Select(x => x * scale)]) : s)),
                .. missing,
            ],
        };

        T Own<T>(T value)
            where T : IDisposable
        {
            owned.Push(value);
            return value;
        }
    }

    /// <summary>Adds PyTorch's modes that can be measured; returns those that cannot.</summary>
    private List<ContenderResult> AddPyTorch(BenchmarkWork work, List<Contender> contenders, Stack<IDisposable> owned)
    {
        if (this.PyTorch is not { } peer)
            return [.. PyTorchModes.Keys.Select(mode => new ContenderResult(mode, null, this.NoPyTorch))];
        var missing = new List<ContenderResult>();
        try
        {
            foreach (var (mode, problem) in peer.Open(work, PyTorchModes))
            {
                if (problem is null)
                    contenders.Add(new(mode, () => peer.Run(mode, 1)) { Clocked = repeats => peer.Run(mode, repeats) });
                else
                    missing.Add(new(mode, null, problem));
            }

            owned.Push(new Closing(peer));
        }
        catch (PeerException failure)
        {
            missing.AddRange(PyTorchModes.Keys.Select(mode => new ContenderResult(mode, null, failure.Message)));
        }

        return missing;
    }

    private double HostTime(DeclaredOptimizer optimizer)
    {
        var seconds = new double[HostRounds];
        for (var i = 0; i < HostRounds; i++)
        {
            this.Target.Synchronize();
            var start = Stopwatch.GetTimestamp();
            optimizer.step();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        this.Target.Synchronize();
        return Samples.Quantile(seconds, 0.5);
    }

    private Tensor NewOnes(long count) => ones(count, dtype: ScalarType.Float32, device: this.Target.Device).DetachFromDisposeScope();

    /// <summary>Lets PyTorch give back its memory when a work is done.</summary>
    private sealed class Closing(PyTorchPeer peer) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                peer.Close();
            }
            catch (PeerException)
            {
                // It is gone, and its memory with it; what it failed at has been said.
            }
        }
    }
}
