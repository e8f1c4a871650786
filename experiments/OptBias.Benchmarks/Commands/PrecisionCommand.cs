using System.CommandLine;
using System.Globalization;
using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>precision</c>: what narrow parameters and state cost and spare, in cache and in memory.</summary>
internal static class PrecisionCommand
{
    /// <summary>Elements that the first cache levels hold whatever is kept with them, and that one thread works on.</summary>
    private const long InCache = 16 * 1024;

    /// <summary>Elements that no cache holds.</summary>
    private const long InMemory = 16L << 20;

    private static readonly OptimizerCatalogue Kept = OptimizerCatalogue.Of(typeof(NarrowAdamW).Assembly);

    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    private sealed record Case(OptimizerDescriptor Optimizer, ScalarType Type)
    {
        public override string ToString() => $"{this.Optimizer.Name}, {this.Type.ToString().ToLowerInvariant()}";
    }

    public static Command Create()
    {
        var output = Options.Output();
        var rounds = Options.Rounds(31);
        var command = new Command("precision", "Steps on bfloat16 and float16 parameters, with state that is kept in all the ways that [State] declares, against float32.") { rounds, output };
        command.SetAction(parsed =>
        {
            var results = new Results("precision", Machine.Describe());
            set_num_threads(1);
            List<OptimizerDescriptor> adamWs = [Rule.Catalogue.Find("AdamW"), .. Kept.All];
            var cases = adamWs.SelectMany(optimizer => Types.Where(type => type != ScalarType.Float32 || DiffersInFloat32(optimizer)).Select(type => new Case(optimizer, type))).ToList();
            results.Add(AdamWs($"AdamW, {InCache} elements in cache, 1 thread", cases, InCache, parsed.GetValue(rounds)));
            results.Add(AdamWs($"AdamW, {InMemory >> 20}M elements in memory, 1 thread", cases, InMemory, parsed.GetValue(rounds)));
            results.Add(AllRules(parsed.GetValue(rounds)));
            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }

    /// <summary>Whether a declaration does something else with float32 parameters than AdamW without [State].</summary>
    private static bool DiffersInFloat32(OptimizerDescriptor optimizer) =>
        optimizer.Name == "AdamW" || optimizer.Plan.Storage.Precision != StatePrecision.Arithmetic;

    private static ResultTable AdamWs(string title, IReadOnlyList<Case> cases, long elements, int rounds)
    {
        var samples = Measure(cases, elements, rounds);
        return new ResultTable(
            title,
            ["optimizer, parameters", "bytes kept", "bytes moved", "ns per element", "time / float32 AdamW", "GB/s"],
            cases.Zip(samples, IReadOnlyList<string> (c, s) =>
            [
                c.ToString(),
                Number(c.Optimizer.Cost.StateBytes(c.Type)),
                Number(c.Optimizer.Cost.BytesMoved(c.Type)),
                (s.Median * 1e9 / elements).ToString("0.000", CultureInfo.InvariantCulture),
                s.Over(samples[0]).ToString("0.00"),
                (c.Optimizer.Cost.BytesMoved(c.Type) * elements / s.Median / 1e9).ToString("0.0", CultureInfo.InvariantCulture),
            ]).ToList())
        {
            Note = "Bytes kept: state and master weights for each element. Bytes moved: in a step, for each element.",
        };
    }

    /// <summary>Every elementwise rule in cache, where conversions show: a rule whose loop the compiler spoils stands out.</summary>
    private static ResultTable AllRules(int rounds)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var optimizer in Rule.Catalogue.All.Where(d => d.Cost.MatrixStages == 0 && d.Plan.Routes.Count == 0).OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var samples = Measure([.. Types.Select(type => new Case(optimizer, type))], InCache, rounds);
            rows.Add([optimizer.Name, (samples[0].Median * 1e9 / InCache).ToString("0.000", CultureInfo.InvariantCulture), samples[1].Over(samples[0]).ToString("0.00"), samples[2].Over(samples[0]).ToString("0.00")]);
        }

        return new ResultTable($"All elementwise rules, {InCache} elements in cache, 1 thread", ["rule", "float32, ns per element", "bfloat16 / float32", "float16 / float32"], rows);
    }

    private static IReadOnlyList<Samples> Measure(IReadOnlyList<Case> cases, long elements, int rounds)
    {
        using var scope = NewDisposeScope();
        var optimizers = new List<DeclaredOptimizer>();
        try
        {
            var contenders = cases.Select(c =>
            {
                var parameter = new Parameter(randn(elements).mul(0.1).to_type(c.Type));
                parameter.grad = randn(elements).mul(0.01).to_type(c.Type);
                var optimizer = c.Optimizer.Create([parameter], new Dictionary<string, double> { ["lr"] = 1e-5 });
                optimizer.Backend = Backend.Fused;
                optimizers.Add(optimizer);
                return new Contender(c.ToString(), () => optimizer.step());
            }).ToList();
            return new Interleaved { Rounds = rounds }.Run(contenders);
        }
        finally
        {
            foreach (var optimizer in optimizers)
                optimizer.Dispose();
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
