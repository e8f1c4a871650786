using System.CommandLine;
using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using OptBias.Lab.Execution;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>memory</c>: what grows over many steps.</summary>
internal static class MemoryCommand
{
    public static Command Create()
    {
        var output = Options.Output();
        var steps = new Option<int>("--steps") { Description = "Steps.", DefaultValueFactory = _ => 10_000 };
        var device = Options.Device();
        var command = new Command("memory", "Managed and native growth over many steps of every declared optimizer.") { steps, device, output };
        command.SetAction(parsed =>
        {
            var results = new Results("memory", Machine.Describe());
            var count = parsed.GetValue(steps);
            var rows = Rule.Catalogue.All.OrderBy(d => d.Cost.MatrixStages > 0).ThenBy(d => d.Name, StringComparer.Ordinal)
                .Select(d => Row(d, parsed.GetRequiredValue(device), d.Cost.MatrixStages > 0 ? count / 10 : count)).ToList();
            results.Add(new ResultTable(
                $"Growth over {count:N0} steps (a tenth of that where there are matrix stages), fused path, [64, 32] and [64]",
                ["optimizer", "steps", "managed bytes a step", "tensors more", "resident memory more, kB"],
                rows)
            {
                Note = "Managed bytes: all that the stepping thread allocated, by steps. Tensors: TorchSharp's count of live ones. Resident memory moves by the collector's own pages and the allocator's, some hundred kB either way.",
            });
            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }

    private static IReadOnlyList<string> Row(OptimizerDescriptor descriptor, ComputeDevice device, int steps)
    {
        var parameters = new[] { new long[] { 64, 32 }, [64] }.Select(shape => new Parameter(randn(shape, device: device.Device).mul_(0.1)) { grad = randn(shape, device: device.Device).mul_(0.01) }).ToList();
        using var optimizer = descriptor.Create(parameters, new Dictionary<string, double> { ["lr"] = 1e-6 });
        for (var i = 0; i < 200; i++)
            optimizer.step();
        Settle();
        var resident = Resident();
        var tensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++)
            optimizer.step();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var more = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount - tensors;
        Settle();
        return [descriptor.Name, $"{steps:N0}", $"{(double)bytes / steps:0.0}", $"{more}", $"{(Resident() - resident) / 1024.0:0}"];
    }

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
