using System.Globalization;

namespace OptBias.Testing;

/// <summary>One snapshot of a test: what it should hold, and how its file is called. Both engines compare the same ones.</summary>
/// <param name="Name">What follows <c>#</c>, or null for the diagnostics.</param>
/// <param name="Extension">The file's extension without its dot.</param>
/// <param name="Content">What the file should hold.</param>
internal sealed record SnapshotTarget(string? Name, string Extension, string Content)
{
    /// <summary>The snapshots of what was generated and reported. Files of one name and extension are numbered, as Verify numbers them.</summary>
    /// <exception cref="SnapshotMismatchException">There is nothing to compare, or two names differ only in case.</exception>
    public static IReadOnlyList<SnapshotTarget> Of(SnapshotName name, GeneratedCode code)
    {
        List<SnapshotTarget> targets = [];
        if (code.Diagnostics.Count > 0)
            targets.Add(new SnapshotTarget(null, "txt", SnapshotFile.Normalize(DiagnosticText.Format(code.Diagnostics))));
        targets.AddRange(code.InOrderOfTheRun.GroupBy(file => (file.Name, file.Extension)).SelectMany(Numbered));
        if (targets.Count == 0)
            throw new SnapshotMismatchException($"{name.Prefix}: nothing was generated and nothing was reported, so there is nothing to compare.");

        // Some file systems take both for one file, and one snapshot would hide the other.
        return targets.GroupBy(target => name.FileName(target.Name, "verified", target.Extension), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new SnapshotMismatchException(
                $"{name.Prefix}: two generated files would be stored as {Path.GetFileName(twice.Key)}: their names differ only in case.")
            : targets;
    }

    private static IEnumerable<SnapshotTarget> Numbered(IGrouping<(string Name, string Extension), GeneratedFile> files)
    {
        List<GeneratedFile> all = [.. files];
        return all.Select((file, index) => new SnapshotTarget(
            all.Count == 1 ? file.Name : string.Create(CultureInfo.InvariantCulture, $"{file.Name}.{index:D2}"), file.Extension, SnapshotFile.Content(file)));
    }
}
