using System.Diagnostics;
using OptBias.GpuCheck.Devices;

namespace OptBias.GpuCheck.Parity;

/// <summary>Runs cases on a device: the fused path against TorchSharp's operations, both there.</summary>
/// <param name="target">The device.</param>
/// <param name="limit">Time for all cases; those that are left then are not run.</param>
internal sealed class ParityRun(Target target, TimeSpan limit)
{
    /// <summary>Runs the cases in order.</summary>
    public IEnumerable<ParityResult> Run(IEnumerable<ParityCase> cases)
    {
        var clock = Stopwatch.StartNew();
        foreach (var item in cases)
        {
            if (target.Obstacle(item.DType) is { } obstacle)
                yield return Of(item, ParityOutcome.NotSupported) with { Problem = $"it {obstacle}" };
            else if (clock.Elapsed > limit)
                yield return Of(item, ParityOutcome.OutOfTime) with { Problem = $"not run: {limit.TotalSeconds:0} s for all cases were used up" };
            else
                yield return this.Run(item);
        }
    }

    /// <summary>Runs one case; what is thrown becomes its problem, so that one broken kernel hides no other.</summary>
    public ParityResult Run(ParityCase item)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var problem = new TwinProblem(target, item.DType, seed: 1, item.Shapes);
            using var fused = item.Optimizer.Create(problem.First, new Dictionary<string, double>());
            using var operations = item.Optimizer.Create(problem.Second, new Dictionary<string, double>());
            (fused.Backend, operations.Backend) = (Backend.Fused, Backend.TorchSharp);
            for (var step = 0; step < item.Steps; step++)
            {
                problem.SetGradients(step);
                fused.step();
                operations.step();
            }

            // Two paths that do nothing agree as well.
            if (problem.IsUnchanged())
                return Of(item, ParityOutcome.Differs) with { Seconds = clock.Elapsed.TotalSeconds, Problem = $"after {item.Steps} steps all parameters of one path are what they were before" };
            var (largest, above) = problem.Distance(item.Tolerance);
            return Of(item, above <= item.Allowed(problem.Elements) ? ParityOutcome.Agrees : ParityOutcome.Differs) with
            {
                Largest = largest,
                Above = above,
                Elements = problem.Elements,
                Seconds = clock.Elapsed.TotalSeconds,
                Problem = above == 0 ? null : $"{above:N0} of {problem.Elements:N0} elements differ by more",
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Of(item, ParityOutcome.Differs) with { Largest = double.NaN, Seconds = clock.Elapsed.TotalSeconds, Problem = $"{failure.GetType().Name}: {failure.Message.Split('\n')[0].Trim()}" };
        }
    }

    private static ParityResult Of(ParityCase item, ParityOutcome outcome) => new()
    {
        Optimizer = item.Optimizer.Name,
        DType = $"{item.DType}".ToLowerInvariant(),
        Sizes = $"{item.Sizes}",
        Outcome = outcome,
        Tolerance = item.Tolerance,
        Steps = item.Steps,
    };
}
