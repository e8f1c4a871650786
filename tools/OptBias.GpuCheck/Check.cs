using System.Diagnostics;
using OptBias.Benchmarks.Measurement;
using OptBias.GpuCheck.Benchmark;
using OptBias.GpuCheck.Devices;
using OptBias.GpuCheck.Natives;
using OptBias.GpuCheck.Parity;
using OptBias.GpuCheck.Results;
using OptBias.Optimizers;
using Spectre.Console;

namespace OptBias.GpuCheck;

/// <summary>The check: look for the GPU, compare the paths, measure, say what the goals say.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="console">Where it is shown.</param>
internal sealed class Check(CheckOptions options, IAnsiConsole console)
{
    /// <summary>Time for comparing all paths, of the eight minutes that a check may take.</summary>
    private static readonly TimeSpan ParityLimit = TimeSpan.FromMinutes(5);

    private readonly Tables tables = new(console);

    /// <summary>Runs it.</summary>
    public ExitCode Run()
    {
        var clock = Stopwatch.StartNew();
        var search = GpuSearch.Run();
        this.tables.Show(search.Findings);
        if (!options.DryRun && options.Gpu >= search.Count)
        {
            this.tables.Say(search.Count == 0
                ? "There is no GPU to check; above is what was looked for. --dry-run runs the check itself on the CPU."
                : $"There is no GPU number {options.Gpu}; libtorch sees {search.Count}, numbered from 0.");
            return ExitCode.NoGpu;
        }

        var target = options.DryRun ? Target.Cpu : Target.Gpu(options.Gpu);
        var machine = Machine.Describe();
        var report = new CheckReport
        {
            DryRun = options.DryRun,
            Started = DateTime.UtcNow,
            Machine = (machine with { LibTorch = OtherLibTorch.Version ?? machine.LibTorch }).ToString(),
            Device = target.IsGpu ? GpuSearch.Describe(options.Gpu) : "CPU",
            LibTorch = OtherLibTorch.Folder,
            Findings = search.Findings,
        };
        this.tables.Say($"{report.Machine}\n{(options.DryRun ? "Dry run on the CPU: times mean nothing." : $"{target.Name}: {report.Device}.")}");

        if (options.Parity)
            report = report with { Parity = this.Compare(target) };
        if (options.Benchmark)
            report = this.Measure(target, report);
        report = report with { Seconds = clock.Elapsed.TotalSeconds };
        this.tables.Say($"Written: {report.Write(options.Output)}, after {report.Seconds:0} s. {Sentence(report.Result)}");
        return report.Result;
    }

    private static string Sentence(ExitCode code) => code switch
    {
        ExitCode.ParityFailed => "The paths do not agree.",
        ExitCode.GoalMissed => "A goal is missed, or could not be measured.",
        _ => "Nothing is wrong with what was checked.",
    };

    private IReadOnlyList<ParityResult> Compare(Target target)
    {
        var catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly);
        var chosen = options.Optimizers.Select(catalogue.Find).ToHashSet();
        var cases = ParityCase.All(catalogue, large: target.IsGpu).Where(item => chosen.Count == 0 || chosen.Contains(item.Optimizer));
        var results = new ParityRun(target, ParityLimit).Run(cases).ToList();
        this.tables.Show(results);
        return results;
    }

    private CheckReport Measure(Target target, CheckReport report)
    {
        using var peer = PyTorchPeer.Start(options.Python, target, out var problem);
        this.tables.Say(peer is null ? $"No comparison with PyTorch: {problem}." : $"{peer.Version}, {options.Python}.");
        var run = new BenchmarkRun { Target = target, PyTorch = peer, NoPyTorch = problem, Rounds = options.Rounds, ShortestRound = target.IsGpu ? 20e-3 : 1e-3 };
        var (results, goals) = (new List<WorkResult>(), new List<Goal>());
        foreach (var work in options.DryRun ? BenchmarkWork.ForDryRun : BenchmarkWork.ForGpu)
        {
            var result = run.Run(work);
            results.Add(result);
            goals.AddRange(Goal.Of(work, result));
            this.tables.Show(result);
        }

        var matrices = new List<MatrixResult>();
        var matrixRun = new MatrixRun { Target = target, Rounds = Math.Min(options.Rounds, 5), ShortestRound = target.IsGpu ? 20e-3 : 1e-3 };
        foreach (var (count, size) in options.DryRun ? [(4, 16)] : new[] { (64, 128), (8, 768) })
        {
            matrices.Add(matrixRun.Run(count, size));
            this.tables.Show(matrices[^1]);
        }

        this.tables.Show(goals, options.DryRun);
        return report with { PyTorch = peer?.Version ?? problem!, Benchmark = results, Goals = goals, Matrices = matrices };
    }
}
