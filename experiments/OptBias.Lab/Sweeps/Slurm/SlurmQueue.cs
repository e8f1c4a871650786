namespace OptBias.Lab.Sweeps.Slurm;

/// <summary>A task as Slurm's queue has it.</summary>
/// <param name="Job">Number of the array.</param>
/// <param name="Number">Number of the task.</param>
/// <param name="State">"RUNNING", "PENDING", ...</param>
/// <param name="Reason">Why it waits.</param>
/// <param name="Node">Where it runs.</param>
internal sealed record QueuedTask(string Job, int Number, string State, string Reason, string Node)
{
    /// <summary>Whether it has a node.</summary>
    public bool IsRunning => this.State is "RUNNING" or "COMPLETING" or "CONFIGURING";
}

/// <summary>What Slurm knows of the arrays of a sweep.</summary>
internal static class SlurmQueue
{
    /// <summary>The tasks that wait or run.</summary>
    /// <param name="jobs">Numbers of arrays.</param>
    /// <exception cref="SlurmException">squeue is not there, or does not answer.</exception>
    public static IReadOnlyList<QueuedTask> Read(IEnumerable<string> jobs)
    {
        string[] all = [.. jobs];
        if (all.Length == 0)
            return [];
        try
        {
            return Parse(SlurmProgram.Run("squeue", "--noheader", "--array", $"--jobs={string.Join(',', all)}", "--format=%i|%T|%r|%N"));
        }
        // Of a job that ended some minutes ago nothing is kept.
        catch (SlurmException e) when (e.Said.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }
    }

    /// <summary>How the tasks of arrays ended, by <c>12_3</c>, where the cluster keeps accounts; null where it does not.</summary>
    public static IReadOnlyDictionary<string, string>? Ended(IEnumerable<string> jobs)
    {
        try
        {
            var ended = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in SlurmProgram.Run("sacct", "--noheader", "--parsable2", "--allocations", $"--jobs={string.Join(',', jobs)}", "--format=JobID,State,ExitCode,NodeList").Split('\n'))
            {
                if (line.Split('|') is [var id, var state, var code, var node])
                    ended[id] = $"{state}, exit code {code}, on {node}";
            }

            return ended;
        }
        catch (SlurmException)
        {
            return null;
        }
    }

    /// <summary>Reads lines of <c>%i|%T|%r|%N</c>.</summary>
    internal static IReadOnlyList<QueuedTask> Parse(string lines)
    {
        var tasks = new List<QueuedTask>();
        foreach (var line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('|') is [var id, var state, var reason, var node] && id.Split('_') is [var job, var number] && int.TryParse(number, out var n))
                tasks.Add(new(job, n, state, reason, node));
        }

        return tasks;
    }
}
