#if !SNAPSHOT_VERIFY
using System.Text;

namespace OptBias.Testing;

/// <summary>Compares generated code with the files beside the test, under the names and in the encoding of Verify.SourceGenerators.</summary>
internal static class SnapshotEngine
{
    public static Task Verify(SnapshotName name, GeneratedCode code)
    {
        foreach (var old in name.ExistingFiles("received"))
            File.Delete(old);
        List<Difference> expected = [.. SnapshotTarget.Of(name, code).Select(target => new Difference(
            name.FileName(target.Name, "verified", target.Extension), name.FileName(target.Name, "received", target.Extension), target.Content))];
        var stale = name.ExistingFiles("verified").Where(path => !expected.Any(file => file.Verified == path)).ToList();
        List<Difference> differences = [.. expected.Where(Differs)];
        if (differences.Count + stale.Count == 0)
            return Task.CompletedTask;

        if (SnapshotName.Accepts)
        {
            differences.ForEach(file => SnapshotFile.Write(file.Verified, file.Content));
            stale.ForEach(File.Delete);
            return Task.CompletedTask;
        }

        differences.ForEach(file => SnapshotFile.Write(file.Received, file.Content));
        throw new SnapshotMismatchException(Report(name, differences, stale));
    }

    /// <summary>As Verify does, it takes one final newline more in the snapshot for what an editor has added.</summary>
    private static bool Differs(Difference file) =>
        !File.Exists(file.Verified) || (SnapshotFile.Read(file.Verified) is var verified && verified != file.Content && verified != file.Content + "\n");

    private static string Report(SnapshotName name, List<Difference> differences, List<string> stale)
    {
        var text = new StringBuilder($"{name.Prefix}: the generated code is not that of the snapshots in {name.Directory}.\n");
        foreach (var file in differences)
        {
            var verified = Path.GetFileName(file.Verified);
            if (File.Exists(file.Verified))
                text.Append($"\n{verified} differs (- snapshot, + generated; the whole is in {Path.GetFileName(file.Received)}):\n{SnapshotDiff.Between(SnapshotFile.Read(file.Verified), file.Content)}");
            else
                text.Append($"\n{verified} is missing. What was generated is in {Path.GetFileName(file.Received)}.\n");
        }

        foreach (var path in stale)
            text.Append($"\n{Path.GetFileName(path)} has no counterpart: nothing of that name is generated any more.\n");

        return text.Append($"""

            To accept: run the test again with {SnapshotName.AcceptVariable}=1, or rename .received. to .verified. (tools/accept-snapshots does)
            and delete what has no counterpart.
            """.ReplaceLineEndings("\n")).ToString();
    }

    /// <summary>One snapshot: what it should hold, and where.</summary>
    private sealed record Difference(string Verified, string Received, string Content);
}
#endif
