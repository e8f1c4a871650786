using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace OptBias.Testing;

/// <summary>Diagnostics in the words and the layout of Verify.SourceGenerators, so that the same file serves both engines.</summary>
internal static class DiagnosticText
{
    public static string Format(IEnumerable<Diagnostic> diagnostics) => string.Concat(
        "{\n  Diagnostics: [\n",
        string.Join(",\n", diagnostics.Select(diagnostic => Block("    ", Members(diagnostic)))),
        "\n  ]\n}");

    private static IEnumerable<string> Members(Diagnostic diagnostic)
    {
        if (diagnostic.Location != Location.None)
            yield return $"Location: {Describe(diagnostic.Location)}";
        yield return Member("Message", diagnostic.GetMessage(CultureInfo.InvariantCulture));
        yield return $"Severity: {diagnostic.Severity}";
        if (diagnostic.WarningLevel != 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"WarningLevel: {diagnostic.WarningLevel}");
        yield return $"Descriptor: {Block("      ", Members(diagnostic.Descriptor)).TrimStart()}";
    }

    private static IEnumerable<string> Members(DiagnosticDescriptor descriptor)
    {
        yield return Member("Id", descriptor.Id);
        yield return Member("Title", descriptor.Title.ToString(CultureInfo.InvariantCulture));
        if (descriptor.Description.ToString(CultureInfo.InvariantCulture) is var description && !string.IsNullOrWhiteSpace(description))
            yield return Member("Description", description);
        if (!string.IsNullOrWhiteSpace(descriptor.HelpLinkUri))
            yield return Member("HelpLink", descriptor.HelpLinkUri);
        yield return Member("MessageFormat", descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture));
        yield return Member("Category", descriptor.Category);
        yield return $"DefaultSeverity: {descriptor.DefaultSeverity}";
        yield return $"IsEnabledByDefault: {(descriptor.IsEnabledByDefault ? "true" : "false")}";
        if (descriptor.CustomTags.Any())
            yield return $"CustomTags: [\n{string.Join(",\n", descriptor.CustomTags.Select(tag => $"          {tag}"))}\n        ]";
    }

    /// <summary>A value of several lines begins on a line of its own, and its lines are not indented.</summary>
    private static string Member(string name, string value)
    {
        value = SnapshotFile.Normalize(value);
        return !value.Contains('\n', StringComparison.Ordinal) ? $"{name}: {value}" : value[0] == '\n' ? $"{name}:{value}" : $"{name}:\n{value}";
    }

    private static string Block(string indent, IEnumerable<string> members) =>
        $"{indent}{{\n{string.Join(",\n", members.Select(member => $"{indent}  {member}"))}\n{indent}}}";

    /// <summary>The place, below the lines around it with a line of carets under what is meant.</summary>
    private static string Describe(Location location)
    {
        var span = location.GetMappedLineSpan();
        var place = span.IsValid ? $"{span.Path.Replace('/', '\\')}: {span.Span}" : "";
        if (location.SourceTree is not { } tree)
            return place;

        var text = new StringBuilder("/*\n");
        var lines = tree.GetText().Lines;
        for (var i = Math.Max(span.StartLinePosition.Line - 1, 0); i <= Math.Min(span.EndLinePosition.Line + 1, lines.Count - 1); i++)
        {
            text.Append(lines[i].ToString()).Append('\n');
            if (lines[i].Span.Intersection(location.SourceSpan) is { } marked)
                text.Append(' ', marked.Start - lines[i].Start).Append('^', marked.Length).Append('\n');
        }

        return text.Append("*/\n ").Append(place).ToString();
    }
}
