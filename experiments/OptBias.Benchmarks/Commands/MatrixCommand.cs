using System.CommandLine;
using OptBias.Benchmarks.Baselines;
using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using OptBias.Optimizers;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>matrix</c>: Shampoo and Muon against the same written by hand, their share of a training step, and how they scale.</summary>
internal static class MatrixCommand
{
    private const long Batch = 128;
    private static readonly long[][] Shapes = [[512, 784], [512], [512, 512], [512], [10, 512], [10]];
    private static readonly double[] Widths = [64, 128, 256, 512, 1024, 2048];
    private static readonly double[] Layers = [2, 4, 8, 16, 32, 64];

    public static Command Create()
    {
        var output = Options.Output();
        var threads = Options.Threads();
        var rounds = Options.Rounds(9);
        var parts = Options.Choice("--parts", "What to measure.", "step", "train", "width", "layers");
        var command = new Command("matrix", "Shampoo and Muon: against the same written by hand with TorchSharp's operations, their share of a training step, and how they scale.") { parts, threads, rounds, output };
        command.SetAction(parsed =>
        {
            var results = new Results("matrix", Machine.Describe());
            var (wanted, folder, count) = (parsed.GetValue(parts)!, parsed.GetValue(output)!.FullName, parsed.GetValue(rounds));
            Directory.CreateDirectory(folder);
            foreach (var number in parsed.GetValue(threads)!)
            {
                set_num_threads(number);
                var rates = Rates.Measure();
                AnsiConsole.WriteLine($"{Options.Named(number)}: products of 1024 x 1024 run at {rates.Single / 1e9:0} GFlop/s in float32 and {rates.Double / 1e9:0} in float64.");
                if (wanted.Contains("step"))
                    results.Add(Steps(number, rates, count));
                if (wanted.Contains("train"))
                    results.Add(Training(number, count));
                if (wanted.Contains("width"))
                    results.Add(Scaling(number, rates, folder, "width", Widths, width => [[(long)width, (long)width]]));
                if (wanted.Contains("layers"))
                    results.Add(Scaling(number, rates, folder, "layers", Layers, layers => Enumerable.Repeat(new long[] { 128, 128 }, (int)layers).ToArray()));
            }

            results.Write(folder);
        });
        return command;
    }

    private static ResultTable Steps(int threads, Rates rates, int rounds)
    {
        const int Cycle = 10;
        RequireTheSame();
        using var own = new Owned();
        var generated = own.Of(new Shampoo(own.Parameters(Shapes), update_every: Cycle));
        var byHand = own.Of(new ShampooByHand(own.Parameters(Shapes)) { UpdateEvery = Cycle });
        var inFloat32 = own.Of(new ShampooByHand(own.Parameters(Shapes), ScalarType.Float32) { UpdateEvery = Cycle });
        var muon = own.Of(new Muon(own.Parameters(Shapes)));
        var muonByHand = own.Of(new MuonByHand(own.Parameters(Shapes)));
        var samples = new Interleaved { Rounds = rounds, WarmUp = 1 }.Run(
        [
            new("Shampoo, generated", Times(Cycle, () => generated.step())),
            new("Shampoo by hand", Times(Cycle, byHand.Step)),
            new("Shampoo by hand, roots in float32", Times(Cycle, inFloat32.Step)),
            new("Muon, generated", Times(Cycle, () => muon.step())),
            new("Muon by hand", Times(Cycle, muonByHand.Step)),
        ]);
        var shampooFlops = MatrixFlops.ShampooStep(Shapes) + (MatrixFlops.ShampooRefresh(Shapes) / Cycle);
        return new ResultTable(
            $"A step on the parameters of an MLP 784-512-512-10, roots refreshed every {Cycle}, {Options.Named(threads)}",
            ["optimizer", "a step, ms", "over generated", "GFlop a step", "GFlop/s"],
            samples.Select((s, k) => Row(s, samples[k < 3 ? 0 : 3], k < 3 ? shampooFlops : MatrixFlops.MuonStep(Shapes))).ToList())
        {
            Note = $"Medians over {rounds} interleaved rounds of {Cycle} steps, one of which refreshes; quartiles of the ratios within rounds in brackets. Operations counted by hand: a triangle of a symmetric product counts half, a refreshed root 7 n³. Products of 1024 x 1024 ran at {rates.Single / 1e9:0} GFlop/s in float32, {rates.Double / 1e9:0} in float64.",
        };

        IReadOnlyList<string> Row(Samples sample, Samples generated, double flops) =>
        [
            sample.Name, $"{sample.Median * 1e3 / Cycle:0.00}", sample.Over(generated).ToString("0.00"), $"{flops / 1e9:0.00}", $"{flops * Cycle / sample.Median / 1e9:0}",
        ];
    }

    private static ResultTable Training(int threads, int rounds)
    {
        const int Cycle = 20;
        using var own = new Owned();
        using var input = randn(Batch, 784);
        using var labels = randint(10, [Batch]);
        Contender New(string name, Func<List<Parameter>, DeclaredOptimizer> make)
        {
            random.manual_seed(1);
            var module = own.Of(nn.Sequential(("1", nn.Linear(784, 512)), ("r1", nn.ReLU()), ("2", nn.Linear(512, 512)), ("r2", nn.ReLU()), ("3", nn.Linear(512, 10))));
            var optimizer = own.Of(make(module.parameters().ToList()));
            return new(name, Times(Cycle, () =>
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.cross_entropy(module.forward(input), labels).backward();
                optimizer.step();
            }));
        }

        var samples = new Interleaved { Rounds = rounds, WarmUp = 1 }.Run(
        [
            New("AdamW", p => new AdamW(p, lr: 1e-4)),
            New("Shampoo", p => new Shampoo(p, lr: 1e-4, update_every: Cycle)),
            New("Muon", p => new Muon(p, lr: 1e-4)),
            New("Soap", p => new Soap(p, lr: 1e-4, update_every: Cycle)),
        ]);
        var flops = MatrixFlops.Training(Shapes, Batch);
        double?[] extra = [0, MatrixFlops.ShampooStep(Shapes) + (MatrixFlops.ShampooRefresh(Shapes) / Cycle), MatrixFlops.MuonStep(Shapes), null];
        return new ResultTable(
            $"A training step of the MLP 784-512-512-10, batch {Batch}, roots refreshed every {Cycle}, {Options.Named(threads)}",
            ["optimizer", "a training step, ms", "over AdamW", "operations of the network, GFlop", "of the matrix stages, GFlop", "their ratio"],
            samples.Select(IReadOnlyList<string> (s, k) =>
            [
                s.Name,
                $"{s.Median * 1e3 / Cycle:0.00}",
                s.Over(samples[0]).ToString("0.00"),
                $"{flops / 1e9:0.00}",
                extra[k] is { } e ? $"{e / 1e9:0.00}" : "",
                extra[k] is { } x ? $"{x / flops:0.0}" : "",
            ]).ToList())
        {
            Note = $"Medians over {rounds} interleaved rounds of {Cycle} steps. A training step is zero_grad, forward, backward and step. The last column is what an optimizer at the speed of the network's own products would add to the network's operations.",
        };
    }

    private static ResultTable Scaling(int threads, Rates rates, string folder, string axis, double[] sizes, Func<double, long[][]> shapesOf)
    {
        string[] names = ["Shampoo, step", "Shampoo by hand, step", "Shampoo, refresh", "Shampoo by hand, refresh", "Muon", "Muon by hand"];
        var times = names.Select(_ => new double[sizes.Length]).ToArray();
        var counted = new double[3][];
        for (var i = 0; i < counted.Length; i++)
            counted[i] = new double[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            var shapes = shapesOf(sizes[i]);
            using var own = new Owned();
            var (never, always) = (1_000_000_000, 1);
            var step = own.Of(new Shampoo(own.Parameters(shapes), update_every: never));
            var stepByHand = own.Of(new ShampooByHand(own.Parameters(shapes)) { UpdateEvery = never });
            var refresh = own.Of(new Shampoo(own.Parameters(shapes), update_every: always));
            var refreshByHand = own.Of(new ShampooByHand(own.Parameters(shapes)) { UpdateEvery = always });
            var muon = own.Of(new MuonMatrix(own.Parameters(shapes)));
            var muonByHand = own.Of(new MuonByHand(own.Parameters(shapes)));
            var large = MatrixFlops.ShampooRefresh(shapes) > 5e9;
            var samples = new Interleaved { Rounds = large ? 3 : 9, WarmUp = large ? 0 : 1 }.Run(
            [
                new(names[0], () => step.step()),
                new(names[1], stepByHand.Step),
                new(names[2], () => refresh.step()),
                new(names[3], refreshByHand.Step),
                new(names[4], () => muon.step()),
                new(names[5], muonByHand.Step),
            ]);
            for (var k = 0; k < names.Length; k++)
                times[k][i] = samples[k].Median * 1e3;
            counted[0][i] = MatrixFlops.ShampooStep(shapes) / rates.Single * 1e3;
            counted[1][i] = counted[0][i] + (MatrixFlops.ShampooRefresh(shapes) / rates.Double * 1e3);
            counted[2][i] = MatrixFlops.MuonStep(shapes) / rates.Single * 1e3;
        }

        var what = axis == "width" ? "one square matrix" : "square matrices of 128";
        var suffix = threads == 1 ? "1-thread" : $"{threads}-threads";
        ScalingPlot.Write(Path.Combine(folder, $"matrix-{axis}-{suffix}"), $"Shampoo on {what}, {Options.Named(threads)}", axis, sizes,
        [
            (names[0], times[0], false), (names[1], times[1], false), (names[2], times[2], false), (names[3], times[3], false),
            ("counted, step", counted[0], true), ("counted, refresh", counted[1], true),
        ]);
        ScalingPlot.Write(Path.Combine(folder, $"matrix-muon-{axis}-{suffix}"), $"Muon on {what}, {Options.Named(threads)}", axis, sizes,
            [(names[4], times[4], false), (names[5], times[5], false), ("counted", counted[2], true)]);
        return new ResultTable(
            $"Milliseconds against {axis}, {what}, {Options.Named(threads)}",
            [axis, .. names, "counted, step", "counted, refresh", "counted, Muon"],
            sizes.Select(IReadOnlyList<string> (size, i) => [$"{size:0}", .. times.Concat(counted).Select(t => Format(t[i]))]).ToList())
        {
            Note = "'Refresh' is a step that refreshes every root. 'Counted' is the number of operations, counted by hand, at the speed of products of 1024 x 1024 in this run: float32 for products, float64 for roots.",
        };
    }

    private static string Format(double milliseconds) => milliseconds < 1 ? $"{milliseconds:0.000}" : milliseconds < 100 ? $"{milliseconds:0.00}" : $"{milliseconds:0}";

    /// <summary>A comparison of different things would be none: the generated optimizers and those by hand have to agree.</summary>
    private static void RequireTheSame()
    {
        using var own = new Owned();
        long[][] small = [[24, 40], [24], [16, 24]];
        var (a, b, c, d) = (own.Parameters(small), own.Parameters(small), own.Parameters(small), own.Parameters(small));
        var shampoo = own.Of(new Shampoo(a));
        var shampooByHand = own.Of(new ShampooByHand(b));
        var muon = own.Of(new Muon(c));
        var muonByHand = own.Of(new MuonByHand(d));
        for (var i = 0; i < 25; i++)
        {
            shampoo.step();
            shampooByHand.Step();
            muon.step();
            muonByHand.Step();
        }

        var difference = Math.Max(Distance(a, b), Distance(c, d));
        if (!(difference < 1e-3))
            throw new InvalidOperationException($"The generated optimizers and those written by hand differ by {difference:R} after 25 steps; what they cost cannot be compared.");
    }

    private static double Distance(List<Parameter> left, List<Parameter> right)
    {
        using var scope = NewDisposeScope();
        return left.Zip(right, (l, r) => ((l - r).abs().max() / r.abs().max()).item<float>()).Max();
    }

    private static Action Times(int count, Action action) => () =>
    {
        for (var i = 0; i < count; i++)
            action();
    };

    /// <summary>Operations in a second that libtorch's products reach: what the counted operations are held against.</summary>
    private sealed record Rates(double Single, double Double)
    {
        public static Rates Measure()
        {
            using var scope = NewDisposeScope();
            const long N = 1024;
            var (a, b) = (randn(N, N), randn(N, N, dtype: ScalarType.Float64));
            var samples = new Interleaved { Rounds = 9, WarmUp = 2 }.Run([new("float32", () => a.mm(a).Dispose()), new("float64", () => b.mm(b).Dispose())]);
            const double Flops = 2.0 * N * N * N;
            return new(Flops / samples[0].Median, Flops / samples[1].Median);
        }
    }

    /// <summary>What a measurement makes, disposed at its end.</summary>
    private sealed class Owned : IDisposable
    {
        private readonly Stack<IDisposable> items = [];

        public T Of<T>(T item)
            where T : IDisposable
        {
            this.items.Push(item);
            return item;
        }

        /// <summary>Parameters with gradients, the same at every call.</summary>
        public List<Parameter> Parameters(long[][] shapes)
        {
            var generator = new torch.Generator(1);
            return shapes.Select(shape =>
            {
                var parameter = this.Of(new Parameter(randn(shape, generator: generator).mul_(0.1)));
                parameter.grad = randn(shape, generator: generator).mul_(0.01);
                return parameter;
            }).ToList();
        }

        public void Dispose()
        {
            while (this.items.TryPop(out var item))
                item.Dispose();
        }
    }
}
