using System.CommandLine;
using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using OptBias.Lab.Execution;
using TorchSharp;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>nonfinite</c>: what it costs to look at all gradients before a step writes anything.</summary>
internal static class NonFiniteCommand
{
    private const string Looking = "looking";
    private const string Plain = "propagate";

    private static readonly string[] Matrices = ["Muon", "Shampoo"];

    public static Command Create()
    {
        var output = Options.Output();
        var threads = Options.Threads();
        var rounds = Options.Rounds(31);
        var device = Options.Device();
        var works = Options.Choice("--works", "Works to measure: 1 is the large tensor, 2 the MLP, 3 the 300 small tensors.", "1", "2", "3");
        var command = new Command("nonfinite", "Steps with OnNonFinite = Throw against the same with Propagate, which does not look at gradients.") { works, device, threads, rounds, output };
        command.SetAction(parsed =>
        {
            var results = new Results("nonfinite", Machine.Describe());
            var where = parsed.GetRequiredValue(device);
            foreach (var count in where.IsGpu ? [1] : parsed.GetValue(threads)!)
            {
                torch.set_num_threads(count);
                foreach (var work in parsed.GetValue(works)!.Select(k => Work.All[k[0] - '1']))
                {
                    // The large tensor would be minutes of products, and 300 vectors of 1,000 would be 300 factors of a million numbers.
                    var rules = Rule.All.Select(rule => rule.Name).Concat(work == Work.All[1] ? Matrices : []);
                    results.Add(TableOf($"{work.Name}, {(where.IsGpu ? where.Name : Options.Named(count))}", rules.Select(rule => (rule, Measure(rule, work, where, parsed.GetValue(rounds))))));
                }
            }

            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }

    private static Dictionary<string, Samples> Measure(string rule, Work work, ComputeDevice device, int rounds)
    {
        var parameters = new[] { work.Make(device.Device), work.Make(device.Device) };
        var optimizers = parameters.Select(p => Rule.Catalogue.Find(rule).Create(p, new Dictionary<string, double> { ["lr"] = 1e-5 })).ToArray();
        optimizers[1].OnNonFinite = NonFiniteAction.Propagate;
        try
        {
            return new Interleaved { Rounds = rounds, Settle = device.IsGpu ? device.Synchronize : null }
                .Run([new(Looking, () => optimizers[0].step()), new(Plain, () => optimizers[1].step())])
                .ToDictionary(s => s.Name);
        }
        finally
        {
            foreach (var item in optimizers.Concat<IDisposable>(parameters.SelectMany(static p => p)))
                item.Dispose();
        }
    }

    private static ResultTable TableOf(string title, IEnumerable<(string Rule, Dictionary<string, Samples> Samples)> measured) => new(
        title,
        ["rule", "bytes read more", "step, ms", "step / step that does not look"],
        measured.Select(IReadOnlyList<string> (m) =>
        [
            m.Rule,
            Rule.Catalogue.Find(m.Rule).Cost is { ElementsRead: > 0 } cost ? $"{1.0 / (cost.ElementsRead + cost.ElementsWritten):P0}" : "",
            $"{m.Samples[Looking].Median * 1e3:0.0000}",
            m.Samples[Looking].Over(m.Samples[Plain]).ToString("0.00"),
        ]).ToList());
}
