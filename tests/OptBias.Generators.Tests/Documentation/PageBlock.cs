using System.Text.RegularExpressions;

namespace OptBias.Generators.Tests;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Line">The line of its fence.</param>
/// <param name="Language">What stands behind the fence; may be empty.</param>
/// <param name="Text">What is in it, with its last line break.</param>
internal sealed partial record PageBlock(string Page, int Line, string Language, string Text)
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Page and line, as an editor opens it.</summary>
    public string Name => $"{this.Page}:{this.Line}";

    /// <summary>All blocks of README and docs, in the order of pages and lines.</summary>
    public static IReadOnlyList<PageBlock> All { get; } =
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Prepend(Path.Combine(Root, "README.md"))
           let text = File.ReadAllText(path).ReplaceLineEndings("\n")
           from match in Fence().Matches(text)
           select new PageBlock(Path.GetRelativePath(Root, path).Replace('\\', '/'), 1 + text.AsSpan(0, match.Index).Count('\n'), match.Groups[1].Value, match.Groups[2].Value),
    ];

    [GeneratedRegex("^```(\\w*)\\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OptBias.Dsl.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
