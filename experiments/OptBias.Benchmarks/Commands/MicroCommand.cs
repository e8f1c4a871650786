using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OptBias.Benchmarks.Micro;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>micro</c>: the parts of a step by BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        var output = Options.Output();
        var filter = new Option<string[]>("--filter") { Description = "Benchmarks to run, with * for any text.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["*"] };
        var command = new Command("micro", "The parts of a step, by BenchmarkDotNet: native calls, and what each tensor costs before memory is moved.") { filter, output };
        command.SetAction(parsed =>
        {
            // In this process: the native libraries are found as for the other commands.
            var config = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithIterationCount(9).WithToolchain(new InProcessEmitToolchain(new())))
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddLogger(ConsoleLogger.Default)
                .AddExporter(MarkdownExporter.GitHub)
                .WithArtifactsPath(Path.Combine(parsed.GetValue(output)!.FullName, "micro"));
            BenchmarkSwitcher.FromTypes([typeof(NativeCalls), typeof(StepCost)]).Run(["--filter", .. parsed.GetValue(filter)!], config);
        });
        return command;
    }
}
