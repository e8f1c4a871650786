using System.Reflection;

namespace OptBias.Generators.Diagnostics;

/// <summary>
/// Where a diagnostic's page is published: the build property <c>DiagnosticPages</c>, the address of <c>docs/diagnostics</c>. Without it
/// a diagnostic has no link, since a link to nowhere is worse than none.
/// </summary>
internal static class HelpLinks
{
    private static readonly string? Pages = typeof(HelpLinks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static metadata => metadata.Key == "DiagnosticPages")?.Value;

    /// <summary>The address of a diagnostic's page, or null where pages are not published.</summary>
    public static string? Of(string id) => Of(Pages, id);

    /// <inheritdoc cref="Of(string)"/>
    internal static string? Of(string? pages, string id) => string.IsNullOrEmpty(pages) ? null : $"{pages!.TrimEnd('/')}/{id}.md";
}
