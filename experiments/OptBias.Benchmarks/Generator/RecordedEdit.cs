using Microsoft.CodeAnalysis;

namespace OptBias.Benchmarks.Generator;

/// <summary>
/// What the generator makes anew at an edit and what it takes over, from a driver that records its steps. It is not timed:
/// Roslyn's recording, which is there for tests, walks through all inputs of every output, and names of files are compared with
/// all others, so that it takes the square of the declarations.
/// </summary>
/// <param name="before">The project before the edit; null if the generator has not yet run.</param>
/// <param name="after">The project after the edit.</param>
internal sealed class RecordedEdit(Compilation? before, Compilation after)
{
    private readonly GeneratorRunResult result = Run(before, after);

    /// <summary>Outputs of a step that were made anew, and those that were taken over.</summary>
    public (int Anew, int TakenOver) Outputs(string step)
    {
        var reasons = this.result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason).ToList();
        var takenOver = reasons.Count(r => r is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged);
        return (reasons.Count - takenOver, takenOver);
    }

    private static GeneratorRunResult Run(Compilation? before, Compilation after)
    {
        var driver = Drivers.Create(recordsSteps: true);
        if (before is not null)
            driver = driver.RunGenerators(before);
        var result = driver.RunGenerators(after).GetRunResult().Results.Single();
        return result.Exception is { } exception ? throw new InvalidOperationException("The generator failed.", exception) : result;
    }
}
