namespace OptBias.Generators.Tests;

/// <summary>The rows of <c>AnalyzerReleases.*.md</c>.</summary>
internal static class ReleaseTracking
{
    public static Dictionary<string, (string Category, string Severity, string Title)> Read() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "releases"), "AnalyzerReleases.*.md")
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("OB", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(row => row[0], row => (row[1], row[2], row[3]));
}
