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

    /// <summary>The probes of these names, or all, with so many seeds where a probe has any.</summary>
    /// <param name="names">Their names; all where there are none.</param>
    /// <param name="seeds">How many data sets and starts the network is trained from.</param>
    /// <exception cref="ArgumentException">No probe is called so, or there is no seed.</exception>
    public static IReadOnlyList<Probe> Choose(IReadOnlyList<string> names, int seeds = 1)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (seeds < 1)
            throw new ArgumentException($"There is at least one seed; {seeds} is none.");
        if (names.FirstOrDefault(name => All.All(p => p.Name != name)) is { } unknown)
            throw new ArgumentException($"No probe is called '{unknown}'. There are {string.Join(", ", All.Select(p => p.Name))}.");
        return [.. All.Where(p => names.Count == 0 || names.Contains(p.Name)).Select(p => p is WeightChangeProbe ? new WeightChangeProbe(seeds) : p)];
    }

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
