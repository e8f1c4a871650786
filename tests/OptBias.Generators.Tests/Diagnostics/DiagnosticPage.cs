using System.Text.RegularExpressions;

namespace OptBias.Generators.Tests;

/// <summary>A page of <c>docs/diagnostics</c>.</summary>
internal sealed partial record DiagnosticPage(string Id, string Text)
{
    public static IEnumerable<string> Ids => Directory.GetFiles(Folder, "OB*.md").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "diagnostics");

    public static DiagnosticPage Read(string id) => new(id, File.ReadAllText(Path.Combine(Folder, $"{id}.md")));

    public static string Index => File.ReadAllText(Path.Combine(Folder, "README.md"));

    /// <summary>The code below a heading.</summary>
    public string Code(string heading) => Section().Matches(this.Text).Single(section => section.Groups["heading"].Value == heading).Groups["code"].Value;

    [GeneratedRegex(@"^## (?<heading>\w+)\n\n```csharp\n(?<code>.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Section();
}
