using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace OptBias.Build;

/// <summary>
/// Makes TorchSharp's native library load on systems whose libstdc++ is older than the one it was built with. Where the
/// system's libstdc++ lacks <c>GLIBCXX_3.4.32</c>, an adapted copy of the library is written
/// (<see cref="GlibcxxVersionPatch"/>) and offered in place of the original; elsewhere nothing happens.
/// </summary>
public sealed class MakeNativesCompatible : Microsoft.Build.Utilities.Task
{
    /// <summary>Code of the warning for a library that cannot be adapted.</summary>
    const string WarningCode = "OBB0001";

    /// <summary>The native libraries of the packages, as the SDK resolved them. They are only read.</summary>
    [Required]
    public ITaskItem[] Libraries { get; set; } = [];

    /// <summary>The directory for adapted copies, below the project's <c>obj</c>.</summary>
    [Required]
    public string Directory { get; set; } = "";

    /// <summary>The items whose library has an adapted copy.</summary>
    [Output]
    public ITaskItem[] Replaced { get; private set; } = [];

    /// <summary>The items to use in their place: the copies, with all metadata of the originals.</summary>
    [Output]
    public ITaskItem[] Replacements { get; private set; } = [];

    /// <summary>Where the system's libraries are looked for; tests put their own.</summary>
    internal SystemLibraryVersions SystemLibraries { get; set; } = SystemLibraryVersions.OfThisMachine();

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (this.Libraries.Length == 0)
            return true;

        var system = this.SystemLibraries.Find(GlibcxxVersionPatch.Library);
        if (system is { } found && found.Versions.Contains(GlibcxxVersionPatch.Version))
        {
            this.Log.LogMessage(MessageImportance.Low, $"{found.Path} has {GlibcxxVersionPatch.Version}: natives stay as they came.");
            return true;
        }

        var replaced = new List<ITaskItem>();
        var replacements = new List<ITaskItem>();
        foreach (var library in this.Libraries)
        {
            if (this.Adapt(library.ItemSpec) is not { } copy)
                continue;

            replaced.Add(library);
            replacements.Add(new TaskItem(library) { ItemSpec = copy });
        }

        this.Replaced = [.. replaced];
        this.Replacements = [.. replacements];
        return !this.Log.HasLoggedErrors;
    }

    /// <summary>The path of the adapted copy, or null when the library stays as it came.</summary>
    string? Adapt(string library)
    {
        try
        {
            var original = File.ReadAllBytes(library);
            var patched = GlibcxxVersionPatch.Apply(original, library);
            if (ReferenceEquals(patched, original))
                return null;

            var copy = Path.GetFullPath(Path.Combine(this.Directory, Path.GetFileName(library)));
            if (WriteIfDifferent(copy, patched))
                this.Log.LogMessage(MessageImportance.Normal, $"{library} -> {copy}, without {GlibcxxVersionPatch.Version}");
            return copy;
        }
        catch (UnexpectedElfException exception)
        {
            this.Log.LogWarning(
                null, WarningCode, null, library, 0, 0, 0, 0,
                $"The library needs {GlibcxxVersionPatch.Version}, which this system's {GlibcxxVersionPatch.Library} lacks, "
                + $"and cannot be adapted: {exception.Message}");
            return null;
        }
    }

    /// <summary>Writes through a temporary file, so that neither a link nor a program that runs sees half a library.</summary>
    static bool WriteIfDifferent(string path, byte[] content)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).SequenceEqual(content))
            return false;

        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllBytes(temporary, content);
        if (File.Exists(path))
            File.Delete(path);
        File.Move(temporary, path);
        return true;
    }
}
