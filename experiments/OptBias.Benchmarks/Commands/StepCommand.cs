using System.CommandLine;
using OptBias.Benchmarks.Baselines;
using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using OptBias.Lab.Execution;
using TorchSharp;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>step</c>: the optimizer's step alone.</summary>
internal static class StepCommand
{
    private const string TorchSharp = "TorchSharp";
    private const string LibTorch = "libtorch fused";
    private const string Generated = "generated";
    private const string FloorName = "floor";

    public static Command Create()
    {
        var output = Options.Output();
        var threads = Options.Threads();
        var rounds = Options.Rounds(31);
        var device = Options.Device();
        var rules = Options.Choice("--rules", "Rules to measure.", [.. Rule.All.Select(r => r.Name)]);
        var works = Options.Choice("--works", "Works to measure: 1 is the large tensor, 2 the MLP, 3 the 300 small tensors.", "1", "2", "3");
        var command = new Command("step", "The optimizer's step alone, against TorchSharp's own, libtorch's fused kernels and the floor of memory.") { rules, works, device, threads, rounds, output };
        command.SetAction(parsed =>
        {
            var results = new Results("step", Machine.Describe());
            var where = parsed.GetRequiredValue(device);
            var measured = Rule.All.Where(r => parsed.GetValue(rules)!.Contains(r.Name)).ToList();
            var chosen = parsed.GetValue(works)!.Select(k => Work.All[k[0] - '1']).ToList();
            if (where.IsGpu)
            {
                foreach (var work in chosen)
                    results.Add(TableOf($"{work.Name}, {where.Name}", measured.Select(r => (r.Name, Measure(r, work, where, parsed.GetValue(rounds), null))).ToList()));
                results.Write(parsed.GetValue(output)!.FullName);
                return;
            }

            using var flush = new CacheFlush();
            var peak = PeakArithmetic.OperationsPerSecond();
            foreach (var count in parsed.GetValue(threads)!)
            {
                torch.set_num_threads(count);
                var points = new List<(string, IReadOnlyList<RooflinePoint>)>();
                foreach (var work in chosen)
                {
                    var warm = measured.Select(r => (r.Name, Measure(r, work, where, parsed.GetValue(rounds), null))).ToList();
                    results.Add(TableOf($"{work.Name}, {Options.Named(count)}, warm caches", warm));
                    points.Add((work.Name, warm.Select(m => PointOf(m.Name, m.Item2, work)).ToList()));
                    var cold = measured.Select(r => (r.Name, Measure(r, work, where, parsed.GetValue(rounds), flush.Flush))).ToList();
                    results.Add(TableOf($"{work.Name}, {Options.Named(count)}, flushed caches", cold));
                }

                var folder = Directory.CreateDirectory(parsed.GetValue(output)!.FullName).FullName;
                RooflinePlot.Write(Path.Combine(folder, $"roofline-{count}"), $"Generated steps, {Options.Named(count)}, warm caches", peak * count, points);
                results.Add(StepOptions.Table(count, parsed.GetValue(rounds)));
            }

            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }

    private static Dictionary<string, Samples> Measure(Rule rule, Work work, ComputeDevice device, int rounds, Action? flush)
    {
        var owned = new List<IDisposable>();
        List<global::TorchSharp.Modules.Parameter> New()
        {
            var parameters = work.Make(device.Device);
            owned.AddRange(parameters);
            return parameters;
        }

        T Own<T>(T value)
            where T : IDisposable
        {
            owned.Add(value);
            return value;
        }

        var contenders = new List<Contender>();
        var generated = Own(rule.Generated(New()));
        contenders.Add(new(Generated, () => generated.step()));
        if (rule.TorchSharp is not null)
        {
            var optimizer = Own(rule.TorchSharp(New()));
            contenders.Add(new(TorchSharp, () => optimizer.step()));
        }

        if (rule.LibTorch is not null && (rule.LibTorchHasGpuKernel || !device.IsGpu))
        {
            var optimizer = Own(rule.LibTorch(New()));
            contenders.Add(new(LibTorch, () => optimizer.Step(1e-5)));
        }

        var descriptor = Rule.Catalogue.Find(rule.Name);
        if (device.IsGpu)
            contenders.Add(new(FloorName, Own(new DeviceFloor(descriptor.Cost, work.Elements, device.Device)).Run));
        else
            contenders.Add(new(FloorName, Own(new Floor(descriptor.Plan, New())).Run));
        try
        {
            return new Interleaved { Rounds = rounds, BeforeCall = flush, Settle = device.IsGpu ? device.Synchronize : null }.Run(contenders).ToDictionary(s => s.Name);
        }
        finally
        {
            foreach (var item in owned)
                item.Dispose();
        }
    }

    /// <summary>A rule's place under the roofline; parameters are of float32.</summary>
    private static RooflinePoint PointOf(string rule, Dictionary<string, Samples> samples, Work work)
    {
        var cost = Rule.Catalogue.Find(rule).Cost;
        double operations = cost.Operations * work.Elements, bytes = 4.0 * (cost.ElementsRead + cost.ElementsWritten) * work.Elements;
        return new(rule, operations / bytes, operations / samples[Generated].Median, bytes / samples[FloorName].Median);
    }

    private static ResultTable TableOf(string title, IReadOnlyList<(string Rule, Dictionary<string, Samples> Samples)> measured) => new(
        title,
        ["rule", "generated, ms", "generated / floor", "TorchSharp / generated", "libtorch fused / generated"],
        measured.Select(IReadOnlyList<string> (m) =>
        [
            m.Rule,
            $"{m.Samples[Generated].Median * 1e3:0.0000}",
            Cell(m.Samples, Generated, FloorName),
            Cell(m.Samples, TorchSharp, Generated),
            Cell(m.Samples, LibTorch, Generated),
        ]).ToList());

    private static string Cell(Dictionary<string, Samples> samples, string above, string below) =>
        samples.TryGetValue(above, out var a) && samples.TryGetValue(below, out var b) ? a.Over(b).ToString("0.00") : "";
}
