using System.ComponentModel;
using System.Diagnostics;

namespace OptBias.Lab.Sweeps.Slurm;

/// <summary>Slurm's own programs.</summary>
internal static class SlurmProgram
{
    /// <summary>Runs one of them.</summary>
    /// <exception cref="SlurmException">There is no such program, or it refused; the message has its own words.</exception>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SlurmException($"There is no {program} here: this machine does not submit to Slurm. Log in to one that does, or give --engine local, which does the same with processes on this machine.", "", e);
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var said = error.Result.Trim().Split('\n')[0].Trim();
            return process.ExitCode == 0 ? output : throw new SlurmException($"{program} refused: {said}{(said.EndsWith('.') ? "" : ".")}{Advice(said)}", said);
        }
    }

    /// <summary>What to do about a refusal, where Slurm's words are known.</summary>
    internal static string Advice(string said)
    {
        (string Words, string Advice)[] known =
        [
            ("invalid partition", "sinfo --summarize lists the partitions; give one of them with --partition."),
            ("Invalid job array", "The cluster takes fewer tasks in an array (scontrol show config | grep MaxArraySize); give a smaller --tasks."),
            ("accounting/QOS policy", "A quota is used up. Each task counts as a job: give a smaller --tasks, or wait until others have ended; the same command submits what is missing."),
            ("MaxSubmitJob", "A quota is used up. Each task counts as a job: give a smaller --tasks, or wait until others have ended; the same command submits what is missing."),
            ("node configuration is not available", "No node has that much: sinfo --Node --Format=nodelist,cpus,gres,memory shows what they have; give a smaller --cpus or another --gres."),
            ("More processors requested than permitted", "No node has that many cores: sinfo --Node --Format=nodelist,cpus shows what they have; give a smaller --cpus."),
            ("Memory specification", "No node has that much: sinfo --Node --Format=nodelist,memory shows what they have; ask for less in the file of --setup."),
            ("generic resource", "No node has it: sinfo --Node --Format=nodelist,gres shows what they have; give another --gres."),
            ("gres", "No node has it: sinfo --Node --Format=nodelist,gres shows what they have; give another --gres."),
            ("time limit", "sinfo --Format=partition,time shows the longest time of each partition; give a shorter --time. Tasks that run out of time keep what is finished."),
            ("account", "Slurm wants an account: give it in a file with --setup, as a line #SBATCH --account=NAME."),
            ("contact slurm controller", "The controller does not answer; try again later. Nothing is lost."),
            ("Unable to contact", "The controller does not answer; try again later. Nothing is lost."),
        ];
        return known.FirstOrDefault(k => said.Contains(k.Words, StringComparison.OrdinalIgnoreCase)).Advice is { } advice ? " " + advice : "";
    }
}

/// <summary>Slurm refused, or is not there.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="said">Slurm's own words.</param>
/// <param name="inner">What the system said.</param>
internal sealed class SlurmException(string message, string said, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Slurm's own words.</summary>
    public string Said => said;
}
