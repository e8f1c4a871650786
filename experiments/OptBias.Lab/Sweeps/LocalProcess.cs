using System.ComponentModel;
using System.Diagnostics;

namespace OptBias.Lab.Sweeps;

/// <summary>Processes of this program on this machine.</summary>
internal static class LocalProcess
{
    /// <summary>The words that start this program again.</summary>
    public static IReadOnlyList<string> Program
    {
        get
        {
            var path = System.Environment.ProcessPath ?? "dotnet";
            var name = Path.GetFileNameWithoutExtension(path);
            return name.Equals("optbias", StringComparison.OrdinalIgnoreCase) ? [path]
                : [name.Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? path : "dotnet", Path.Combine(AppContext.BaseDirectory, "optbias.dll")];
        }
    }

    /// <summary>Whether a process lives and is this program. Numbers of processes are given again to others.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (process.HasExited)
                return false;
            var command = OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{id}/cmdline") : process.ProcessName;
            return command.Contains("optbias", StringComparison.Ordinal) || (!OperatingSystem.IsLinux() && command.Contains("dotnet", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Asks a process to stop after its current steps.</summary>
    public static void Stop(int id)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
                return;
            }

            using var kill = Process.Start("kill", ["-TERM", $"{id}"]);
            kill.WaitForExit();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
