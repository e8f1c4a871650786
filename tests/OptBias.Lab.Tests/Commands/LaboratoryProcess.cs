using System.Diagnostics;

namespace OptBias.Lab.Tests.Commands;

/// <summary>The laboratory's program as a process of its own, as a user starts it.</summary>
internal sealed class LaboratoryProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    public LaboratoryProcess(string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "optbias.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove("OPTBIAS_DATA");
        this.process = Process.Start(start)!;
        this.output = this.process.StandardOutput.ReadToEndAsync();
        this.error = this.process.StandardError.ReadToEndAsync();
    }

    public int Id => this.process.Id;

    /// <summary>kill -9.</summary>
    public void Kill() => this.process.Kill();

    public (int ExitCode, string Output, string Error) Wait()
    {
        this.process.WaitForExit();
        return (this.process.ExitCode, this.output.Result, this.error.Result);
    }

    public void Dispose()
    {
        if (!this.process.HasExited)
            this.process.Kill();
        this.process.Dispose();
    }

    public static (int ExitCode, string Output, string Error) Run(string workingDirectory, params string[] arguments)
    {
        using var process = new LaboratoryProcess(workingDirectory, arguments);
        return process.Wait();
    }
}
