using System.Security.Cryptography;
using System.Text;

namespace OptBias.Cuda;

/// <summary>
/// Compiled code on disk, under the hash of all that it depends on: the text, the compiler's options (the architecture and the
/// types among them) and its version. A cache that cannot be read or written is no cache, and no error.
/// </summary>
/// <param name="folder">Where it lies; null for none.</param>
internal sealed class KernelCache(string? folder)
{
    /// <summary>Names the folder of the cache; empty for no cache.</summary>
    public const string FolderVariable = "OPTBIAS_KERNEL_CACHE";

    /// <summary>The cache of the user: <c>optbias/kernels</c> in the folder that the system has for caches.</summary>
    public static KernelCache OfUser()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (folder is null)
        {
            var root = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            folder = Path.Combine(root, "optbias", "kernels");
        }

        return new KernelCache(folder.Length == 0 ? null : folder);
    }

    /// <summary>The code: from the cache, or compiled and then cached.</summary>
    public byte[] Get(string source, string[] options, string version, Func<byte[]> compile)
    {
        if (folder is null)
            return compile();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [version, .. options, source]))));
        var path = Path.Combine(folder, key + ".cubin");
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: > 0 } known)
                return known;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return compile();
        }

        var code = compile();
        try
        {
            // Whole or not at all: another process may read it at the same time.
            Directory.CreateDirectory(folder);
            var part = Path.Combine(folder, $"{key}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.part");
            File.WriteAllBytes(part, code);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }

        return code;
    }
}
