using System.CommandLine;
using OptBias.Benchmarks.Baselines;
using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using OptBias.Lab.Execution;
using TorchSharp;
using static TorchSharp.torch;
using Generated = OptBias.Optimizers.AdamW;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>train</c>: whole training steps, and the share of the optimizer in them.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var output = Options.Output();
        var threads = Options.Threads();
        var rounds = Options.Rounds(61);
        var device = Options.Device();
        var command = new Command("train", "Whole training steps (zero_grad, forward, backward, step) with AdamW: generated, TorchSharp's own, libtorch's fused.") { device, threads, rounds, output };
        command.SetAction(parsed =>
        {
            var results = new Results("train", Machine.Describe());
            var where = parsed.GetRequiredValue(device);
            foreach (var count in where.IsGpu ? [1] : parsed.GetValue(threads)!)
            {
                set_num_threads(count);
                var rows = Network.All.Select(network => Row(network, where, parsed.GetValue(rounds))).ToList();
                results.Add(new ResultTable(
                    $"A training step, batch 128, {(where.IsGpu ? where.Name : Options.Named(count))}",
                    ["network", "parameters", "generated, ms", "TorchSharp's AdamW / generated", "libtorch fused / generated", "without a step / generated"],
                    rows)
                {
                    Note = "Ratios of medians, quartiles of the ratios within rounds in brackets. 'Without a step' is zero_grad, forward and backward alone: what is missing to 1 is the generated step's share.",
                });
            }

            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }

    private static IReadOnlyList<string> Row(Network network, ComputeDevice device, int rounds)
    {
        using var input = randn(network.Input, device: device.Device);
        using var labels = randint(10, [network.Input[0]], device: device.Device);
        var owned = new List<IDisposable>();
        Contender New(string name, Func<IReadOnlyList<TorchSharp.Modules.Parameter>, (Action Zero, Action Step, IDisposable Owned)> optimizerOf)
        {
            random.manual_seed(1);
            var module = network.Make();
            if (device.IsGpu)
                module.to(device.Device);
            var (zero, step, own) = optimizerOf(module.parameters().ToList());
            owned.Add(own);
            owned.Add(module);
            return new(name, () =>
            {
                using var scope = NewDisposeScope();
                zero();
                var loss = nn.functional.cross_entropy(module.forward(input), labels);
                loss.backward();
                step();
            });
        }

        long parameters;
        using (var module = network.Make())
            parameters = module.parameters().Sum(p => p.numel());
        var samples = new Interleaved { Rounds = rounds, WarmUp = 15, ShortestRound = 5e-3, Settle = device.IsGpu ? device.Synchronize : null }.Run(
        [
            New("generated", p =>
            {
                var optimizer = new Generated(p, lr: 1e-4);
                return (optimizer.zero_grad, () => optimizer.step(), optimizer);
            }),
            New("TorchSharp", p =>
            {
                var optimizer = optim.AdamW(p, 1e-4);
                return (optimizer.zero_grad, () => optimizer.step(), optimizer);
            }),
            New("libtorch", p =>
            {
                var optimizer = LibTorchFused.AdamW(p);
                return (optimizer.ZeroGrad, () => optimizer.Step(1e-4, 0.01), optimizer);
            }),
            New("none", p =>
            {
                var optimizer = LibTorchFused.AdamW(p);
                return (optimizer.ZeroGrad, () => { }, optimizer);
            }),
        ]);
        foreach (var item in owned)
            item.Dispose();
        string Cell(int k) => samples[k].Over(samples[0]).ToString("0.000");

        return [network.Name, $"{parameters:N0}", $"{samples[0].Median * 1e3:0.000}", Cell(1), Cell(2), Cell(3)];
    }
}
