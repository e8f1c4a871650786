using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OptBias;

/// <summary>
/// Names of files that are being written: <c>model.safetensors.PROCESS-RANDOM.tmp</c>. The name tells whose it is, so that what a killed
/// process left can be told from what a living one writes.
/// </summary>
internal static class TemporaryFile
{
    private const string Extension = ".tmp";
    private const int RandomDigits = 32;

    /// <summary>How much later than the file's last change a process must have started to be another one with the same number.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    public static string NameFor(string target) =>
        string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}-{Guid.NewGuid():N}{Extension}");

    /// <summary>Removes what writers of a target left that are no longer there. What cannot be removed stays: it does no harm.</summary>
    public static void RemoveOrphans(string target)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, "*" + Extension))
            {
                if (WriterOf(path, target) is { } process && !IsWriting(process, path))
                    Remove(path);
            }
        }
        catch (UnauthorizedAccessException)
        {
            // A folder may be written to and not listed.
        }
    }

    private static void Remove(string path)
    {
        try
        {
            // On a file of another machine or container lies a lock as long as it is being written.
            using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None))
            {
            }

            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The number of the process that wrote a temporary file of a target; null if the file is something else.</summary>
    private static int? WriterOf(string path, string target)
    {
        var name = Path.GetFileName(path.AsSpan());
        var prefix = Path.GetFileName(target.AsSpan());
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || name.Length <= prefix.Length || name[prefix.Length] != '.')
            return null;
        var middle = name[(prefix.Length + 1)..^Extension.Length];
        var dash = middle.IndexOf('-');
        return dash > 0
            && middle.Length - dash - 1 == RandomDigits
            && !middle[(dash + 1)..].ContainsAnyExcept("0123456789abcdef")
            && int.TryParse(middle[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                ? process
                : null;
    }

    /// <summary>Whether the process that began a file is still there: one with its number is, and it did not start after the file was last written.</summary>
    private static bool IsWriting(int number, string path)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return process.StartTime.ToUniversalTime() - File.GetLastWriteTimeUtc(path) < Margin;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended meanwhile, or is none of ours: the next save will see.
            return true;
        }
    }
}
