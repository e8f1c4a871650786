using System.Reflection;
using System.Text.RegularExpressions;

namespace OptBias.Package.Tests;

/// <summary>The project of docs/your-own-study.md, outside of this repository and as it is written there but for the place of the clone.</summary>
public sealed class OwnStudyProjectTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("optbias-own-study-").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public async Task The_project_builds_and_trains_its_optimizer()
    {
        var page = File.ReadAllText(Path.Combine(FreshPackages.RepositoryRoot, "docs", "your-own-study.md"));
        this.Write("Mine.csproj", Block(page, "xml").Replace("../OptBias.Dsl", FreshPackages.RepositoryRoot.TrimEnd('/', '\\'), StringComparison.Ordinal));
        this.Write("LargestWeight.cs", Block(page, "csharp"));
        this.Write("Program.cs", Regex.Match(page, "`Program.cs` is `(.*?)`").Groups[1].Value);

        // The projects of this repository are built already, and other tests may be using what was built.
        var configuration = typeof(OwnStudyProjectTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!;
        await DotNet.Run(this.folder, "build", "--configuration", configuration, "-p:BuildProjectReferences=false");
        var output = await DotNet.Run(this.folder, "run", "--no-build", "--configuration", configuration, "--", "run", "--optimizers", "SlowSign", "--seeds", "1", "--out", "results");

        Assert.Contains("largest weight", output);
        Assert.True(File.Exists(Path.Combine(this.folder, "results", "report.html")));
    }

    private static string Block(string page, string language) => Regex.Match(page, $"^```{language}\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value;

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(this.folder, name), text);
}
