using System.Diagnostics;
using System.Globalization;

namespace OptBias.Lab.Sweeps;

/// <summary>What part of a machine a task has.</summary>
internal static class TaskShare
{
    /// <summary>
    /// Runs at the same time: the cores that Slurm gave the task, else those that the process may use. Each run has one thread, so that
    /// its numbers are the same whatever the share.
    /// </summary>
    /// <param name="variable">Reads an environment variable; the process' own if null.</param>
    public static int Jobs(Func<string, string?>? variable = null)
    {
        variable ??= System.Environment.GetEnvironmentVariable;
        return int.TryParse(variable("SLURM_CPUS_PER_TASK"), NumberStyles.None, CultureInfo.InvariantCulture, out var cores) && cores > 0 ? cores : System.Environment.ProcessorCount;
    }

    /// <summary>Slurm's name of the task, <c>12_3</c>, or null.</summary>
    public static string? Job => System.Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID") is { Length: > 0 } array
        ? $"{array}_{System.Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID")}"
        : System.Environment.GetEnvironmentVariable("SLURM_JOB_ID") is { Length: > 0 } job ? job : null;

    /// <summary>Shares the cores that this process may use: a list for each of several tasks, "0,1"; null where cores cannot be chosen.</summary>
    /// <param name="tasks">Tasks at the same time.</param>
    /// <param name="cores">Cores of each.</param>
    public static IReadOnlyList<string>? Cores(int tasks, int cores)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var mask = self.ProcessorAffinity;
        int[] allowed = [.. Enumerable.Range(0, 64).Where(core => ((mask >> core) & 1) == 1)];
        // A machine with more cores than a mask has bits, or more work than cores: the system shares better than we would.
        return allowed.Length < System.Environment.ProcessorCount || tasks * cores > allowed.Length ? null
            : [.. Enumerable.Range(0, tasks).Select(t => string.Join(',', allowed.Skip(t * cores).Take(cores)))];
    }

    /// <summary>Keeps this process, and the threads that it starts from now on, on some cores.</summary>
    /// <param name="cores">"0,1".</param>
    /// <exception cref="ArgumentException">It is no list of cores.</exception>
    public static void Pin(string cores)
    {
        nint mask = 0;
        foreach (var core in cores.Split(','))
        {
            if (!int.TryParse(core, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 63)
                throw new ArgumentException($"--cores is '{cores}'; give numbers of cores: 0,1.");
            mask |= (nint)1 << number;
        }

        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return;
        using var self = Process.GetCurrentProcess();
        self.ProcessorAffinity = mask;
    }
}
