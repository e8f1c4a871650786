using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace OptBias.Package.Tests;

/// <summary>The packages, packed into a folder of their own from what is built, with a version that nothing else has.</summary>
public sealed class FreshPackages : IAsyncLifetime
{
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    /// <summary>The machine's folder of restored packages; only read.</summary>
    public static string MachinePackages { get; } = Metadata("PackagesFolder");

    static string Configuration { get; } = Metadata("Configuration");

    /// <summary>A folder outside of the solution; deleted at the end.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("optbias-package-").FullName;

    public string Version { get; } = $"0.1.0-fresh.{DateTime.UtcNow:yyyyMMddHHmmss}";

    public string Feed => Path.Combine(this.Root, "feed");

    public async Task InitializeAsync()
    {
        foreach (var project in new[] { "runtime/OptBias.Runtime", "runtime/OptBias.Testing", "runtime/OptBias.Templates", "experiments/OptBias.Optimizers" })
        {
            await DotNet.Run(
                RepositoryRoot, "pack", project, "--no-build", "--configuration", Configuration,
                "--output", this.Feed, $"-p:PackageVersion={this.Version}");
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(this.Root, recursive: true);
        return Task.CompletedTask;
    }

    public string PathOf(string id) => Path.Combine(this.Feed, $"{id}.{this.Version}.nupkg");

    /// <summary>The files of a package but those of the format itself, in ordinal order.</summary>
    public IReadOnlyList<string> FilesOf(string id)
    {
        using var package = ZipFile.OpenRead(this.PathOf(id));
        return
        [
            .. package.Entries.Select(entry => Uri.UnescapeDataString(entry.FullName))
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal)
                    && name != "[Content_Types].xml"
                    && !name.EndsWith(".nuspec", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    public string TextOf(string id, string file)
    {
        using var package = ZipFile.OpenRead(this.PathOf(id));
        using var reader = new StreamReader(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>The package's description of itself, without namespaces.</summary>
    public XElement SpecificationOf(string id)
    {
        var specification = XElement.Parse(this.TextOf(id, $"{id}.nuspec"));
        foreach (var element in specification.DescendantsAndSelf())
            element.Name = element.Name.LocalName;
        return specification;
    }

    static string Metadata(string key) =>
        typeof(FreshPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
