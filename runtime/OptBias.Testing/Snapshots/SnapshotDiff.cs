using System.Globalization;
using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace OptBias.Testing;

/// <summary>What a reader needs to see of a difference: the changed lines, their numbers, and three lines around them.</summary>
internal static class SnapshotDiff
{
    private const int Context = 3;

    /// <summary>More changed lines than this are counted, not shown.</summary>
    private const int MaximumLines = 200;

    /// <summary>Lines with <c>-</c> are only in the snapshot, lines with <c>+</c> only in what was generated.</summary>
    public static string Between(string verified, string received)
    {
        if (SnapshotFile.Normalize(verified).TrimEnd('\n') == received.TrimEnd('\n'))
        {
            return verified.Contains('\r', StringComparison.Ordinal)
                ? "  They differ in line endings only: snapshots are stored with LF. Does .gitattributes say '*.verified.* text eol=lf'?\n"
                : "  They differ in final newlines only: a snapshot has those that were generated.\n";
        }

        var lines = InlineDiffBuilder.Diff(verified, received, ignoreWhiteSpace: false).Lines;
        var shown = Neighbourhood(lines);
        var text = new StringBuilder();
        var (before, after, count) = (0, 0, 0);
        for (var i = 0; i < lines.Count; i++)
        {
            before += lines[i].Type == ChangeType.Inserted ? 0 : 1;
            after += lines[i].Type == ChangeType.Deleted ? 0 : 1;
            if (!shown[i])
                continue;
            if (++count > MaximumLines)
                return text.Append(CultureInfo.InvariantCulture, $"  ... and more: only the first {MaximumLines} lines are shown.\n").ToString();
            if (i == 0 || !shown[i - 1])
                text.Append(CultureInfo.InvariantCulture, $"  @@ snapshot line {Math.Max(before, 1)}, generated line {Math.Max(after, 1)} @@\n");
            text.Append(lines[i].Type switch { ChangeType.Inserted => "  + ", ChangeType.Deleted => "  - ", _ => "    " }).Append(lines[i].Text).Append('\n');
        }

        return text.ToString();
    }

    private static bool[] Neighbourhood(List<DiffPiece> lines)
    {
        var shown = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Type != ChangeType.Unchanged)
                Array.Fill(shown, true, Math.Max(i - Context, 0), Math.Min(i + Context, lines.Count - 1) - Math.Max(i - Context, 0) + 1);
        }

        return shown;
    }
}
