using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Generators;

namespace OptBias.Benchmarks.Generator;

/// <summary>A driver of the generator, with the time of its last run and what that run did.</summary>
internal sealed class GeneratorRun
{
    private GeneratorDriver driver = CSharpGeneratorDriver.Create(
        [new OptimizerGenerator().AsSourceGenerator()],
        parseOptions: CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Seconds that the last run took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Bytes that the last run allocated on this thread.</summary>
    public long Allocated { get; private set; }

    /// <summary>Runs on a state of the project.</summary>
    public GeneratorRun On(Compilation compilation)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        this.driver = this.driver.RunGenerators(compilation);
        this.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        this.Allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return this;
    }

    /// <summary>Outputs of a step in the last run that were made anew, and those that were taken over.</summary>
    public (int Anew, int TakenOver) Outputs(string step)
    {
        var result = this.driver.GetRunResult().Results.Single();
        if (result.Exception is { } exception)
            throw new InvalidOperationException("The generator failed.", exception);
        var reasons = result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason).ToList();
        var takenOver = reasons.Count(r => r is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged);
        return (reasons.Count - takenOver, takenOver);
    }

    /// <summary>Characters of generated text after the last run, and files.</summary>
    public (long Characters, int Files) Size()
    {
        var sources = this.driver.GetRunResult().Results.Single().GeneratedSources;
        return (sources.Sum(s => (long)s.SourceText.Length), sources.Length);
    }
}
