using System.Diagnostics;
using Microsoft.CodeAnalysis;

namespace OptBias.Benchmarks.Generator;

/// <summary>A driver of the generator as compilers and IDEs have it, with the time of its last run.</summary>
internal sealed class GeneratorRun
{
    private GeneratorDriver driver = Drivers.Create(recordsSteps: false);

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

    /// <summary>Characters of generated text after the last run, and files.</summary>
    public (long Characters, int Files) Size()
    {
        var sources = this.driver.GetRunResult().Results.Single().GeneratedSources;
        return (sources.Sum(s => (long)s.SourceText.Length), sources.Length);
    }
}
