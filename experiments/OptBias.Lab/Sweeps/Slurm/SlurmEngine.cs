using System.Text;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Sweeps.Slurm;

/// <summary>Submits a sweep to Slurm: a job array for each stage, each after the one before.</summary>
internal static class SlurmEngine
{
    private const string AfterAll = "--dependency=afterok:";

    // If a task of the stage before failed, its winners are not known: the array goes, and the same sweep submits both again.
    private const string OrNever = "--kill-on-invalid-dep=yes";

    /// <summary>What <see cref="Submit"/> would do, as commands for a shell.</summary>
    public static string DryRun(Sweep sweep)
    {
        var text = new StringBuilder();
        string? before = null;
        foreach (var stage in sweep.Stages)
        {
            var name = stage.Stage.Replace('-', '_');
            text.Append(before is null ? "" : "\n").Append(name).Append("=$(sbatch --parsable")
                .Append(before is null ? "" : $" {AfterAll}${before} {OrNever}").Append(" <<'END'\n")
                .Append(SlurmScript.Of(sweep, stage)).Append("END\n)\n");
            before = name;
        }

        return text.ToString();
    }

    /// <summary>Submits the arrays.</summary>
    /// <returns>The number of each stage's array.</returns>
    /// <exception cref="SlurmException">Slurm refused; nothing is queued.</exception>
    /// <exception cref="StorageException">A script cannot be written.</exception>
    public static IReadOnlyDictionary<string, string> Submit(Sweep sweep)
    {
        var jobs = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var folder = Path.Combine(sweep.Directory, "slurm");
        DurableFile.Guard(folder, path => Directory.CreateDirectory(path));
        foreach (var stage in sweep.Stages)
        {
            var script = Path.Combine(folder, $"{stage.Stage}.sh");
            DurableFile.Write(script, Encoding.UTF8.GetBytes(SlurmScript.Of(sweep, stage)));
            try
            {
                string[] dependency = jobs.Count == 0 ? [] : [AfterAll + jobs.Values.Last(), OrNever];
                // "12" or "12;cluster".
                jobs[stage.Stage] = SlurmProgram.Run("sbatch", ["--parsable", .. dependency, script]).Trim().Split(';')[0];
            }
            catch (SlurmException)
            {
                if (jobs.Count > 0)
                    SlurmProgram.Run("scancel", jobs.Values);
                throw;
            }
        }

        return jobs;
    }
}
