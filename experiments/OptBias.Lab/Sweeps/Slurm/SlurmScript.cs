using System.Globalization;
using System.Text;

namespace OptBias.Lab.Sweeps.Slurm;

/// <summary>The script of a job array: plain <c>sbatch</c>.</summary>
internal static class SlurmScript
{
    /// <summary>The script of a stage.</summary>
    public static string Of(Sweep sweep, SweepStage stage)
    {
        var resources = sweep.Resources;
        var setup = (resources.Setup ?? "").ReplaceLineEndings("\n").Split('\n');
        var text = new StringBuilder("#!/bin/bash\n");
        Option("job-name", $"{sweep.Study}-{stage.Stage}");
        Option("array", Ranges(stage.Numbers) + (resources.ArrayLimit is { } limit ? $"%{limit}" : ""));
        Option("cpus-per-task", $"{resources.Cpus}");
        Option("partition", resources.Partition);
        Option("time", resources.Time);
        Option("gres", resources.Gres);
        Option("output", Path.Combine(sweep.Directory, "slurm", $"{stage.Stage}-%a.out"));
        Option("open-mode", "append");
        // A node that died: the task starts again, and skips what it had finished.
        text.Append("#SBATCH --requeue\n");
        foreach (var line in setup.Where(IsDirective))
            text.Append(line).Append('\n');
        text.Append('\n');
        foreach (var line in setup.Where(l => !IsDirective(l) && !l.StartsWith("#!", StringComparison.Ordinal) && l.Length > 0))
            text.Append(line).Append('\n');
        // exec: the signals that Slurm sends before it kills reach the program, which keeps what is finished.
        text.Append("exec ").AppendJoin(' ', sweep.TaskCommand(stage, "$SLURM_ARRAY_TASK_ID").Select(Quoted)).Append('\n');
        return text.ToString();

        void Option(string name, string? value)
        {
            if (value is not null)
                text.Append(CultureInfo.InvariantCulture, $"#SBATCH --{name}={(value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value)}\n");
        }
    }

    /// <summary>Numbers as Slurm writes them: <c>1-4,7</c>.</summary>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var parts = new List<string>();
        for (var i = 0; i < numbers.Count;)
        {
            var first = i;
            while (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1)
                i++;
            parts.Add(first == i ? $"{numbers[i]}" : $"{numbers[first]}-{numbers[i]}");
            i++;
        }

        return string.Join(',', parts);
    }

    private static bool IsDirective(string line) => line.StartsWith("#SBATCH", StringComparison.Ordinal);

    private static string Quoted(string word) =>
        word.StartsWith('$') ? $"\"{word}\""
        : word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:=+".Contains(c, StringComparison.Ordinal)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
