using OptBias.Lab.Probes.Rules;
using TorchSharp;

namespace OptBias.Lab.Probes;

/// <summary>All probes, and what runs them on rules.</summary>
public static class ProbeSuite
{
    /// <summary>The probes in the order of tables.</summary>
    public static IReadOnlyList<Probe> All { get; } =
    [
        new FirstStepProbe(),
        new InterpolationProbe(),
        new VectorMarginProbe(),
        new MatrixMarginProbe(),
        new TwoTasksProbe(),
        new MatrixRecoveryProbe(),
        new EdgeOfStabilityProbe(),
        new RareClassesProbe(),
        new WeightChangeProbe(),
    ];

    /// <summary>Runs probes on rules, on all cores. The numbers do not depend on how many there are.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="probes">The probes; <see cref="All"/> if null.</param>
    /// <param name="finished">Told of every outcome, from the thread that computed it.</param>
    public static ProbeResults Run(IReadOnlyList<ProbeRule> rules, IReadOnlyList<Probe>? probes = null, Action<ProbeOutcome>? finished = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        probes ??= All;
        var jobs = (from rule in rules from probe in probes select (rule, probe)).ToArray();
        var outcomes = new ProbeOutcome[jobs.Length];
        var threads = torch.get_num_threads();

        // The tensors are tiny: a second thread for one of them costs more than it brings.
        torch.set_num_threads(1);
        try
        {
            Parallel.For(0, jobs.Length, new ParallelOptions { MaxDegreeOfParallelism = System.Environment.ProcessorCount }, i =>
            {
                outcomes[i] = jobs[i].probe.Run(jobs[i].rule);
                finished?.Invoke(outcomes[i]);
            });
        }
        finally
        {
            torch.set_num_threads(threads);
        }

        return new(probes, rules, outcomes);
    }
}
