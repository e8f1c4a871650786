using System.Diagnostics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Sweeps;

/// <summary>Runs the tasks of a sweep as processes on this machine, each on cores of its own.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="tasks">Tasks at the same time.</param>
/// <param name="output">Told what the tasks say.</param>
internal sealed class LocalEngine(Sweep sweep, int tasks, TextWriter output)
{
    private readonly Lock gate = new();

    /// <summary>Runs the unfinished slices of a stage.</summary>
    /// <returns>How each task ended that did not end well: "tuning task 2/4 ended with code 137".</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the tasks were asked to stop and have ended.</exception>
    public IReadOnlyList<string> Run(SweepStage stage, CancellationToken cancellation)
    {
        var waiting = new Queue<int>(stage.Numbers);
        var failures = new List<string>();
        var cores = TaskShare.Cores(tasks, sweep.Resources.Cpus);
        var gpus = System.Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var threads = Enumerable.Range(0, Math.Min(tasks, stage.Numbers.Count)).Select(place =>
        {
            var thread = new Thread(() =>
            {
                while (!cancellation.IsCancellationRequested && Next() is { } number)
                {
                    if (this.RunTask(stage, number, cores?[place], gpus is { Length: > 1 } ? gpus[place % gpus.Length] : null, cancellation) is { } failure)
                    {
                        lock (this.gate)
                            failures.Add(failure);
                    }
                }
            })
            { Name = $"task {place + 1}" };
            thread.Start();
            return thread;
        }).ToArray();
        foreach (var thread in threads)
            thread.Join();
        cancellation.ThrowIfCancellationRequested();
        return failures;

        int? Next()
        {
            lock (waiting)
                return waiting.TryDequeue(out var number) ? number : null;
        }
    }

    private string? RunTask(SweepStage stage, int number, string? cores, string? gpu, CancellationToken cancellation)
    {
        var name = $"{stage.Stage} task {new Slice(number, stage.Slices)}";
        string[] command = [.. sweep.TaskCommand(stage, $"{number}"), "--jobs", $"{sweep.Resources.Cpus}", .. cores is null ? Array.Empty<string>() : ["--cores", cores]];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in command.Skip(1))
            start.ArgumentList.Add(word);
        if (gpu is not null)
            start.Environment["CUDA_VISIBLE_DEVICES"] = gpu;
        var log = Path.ChangeExtension(TaskFile.PathOf(sweep.Directory, stage.Stage, number), ".log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        using var writer = new StreamWriter(log, append: true) { AutoFlush = true };
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Say(e.Data);
        process.ErrorDataReceived += (_, e) => Say(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancellation.Register(() => LocalProcess.Stop(process.Id)))
            process.WaitForExit();
        return process.ExitCode == 0 || cancellation.IsCancellationRequested ? null : $"{name} ended with code {process.ExitCode}; it said: {log}";

        void Say(string? line)
        {
            if (line is null)
                return;
            lock (this.gate)
            {
                writer.WriteLine(line);
                output.WriteLine($"{name}: {line}");
            }
        }
    }
}
