using System.Xml.Linq;

namespace OptBias.Package.Tests;

[Collection(FreshSolution.Collection)]
public sealed class PackageContentTests(FreshSolution solution)
{
    readonly FreshPackages packages = solution.Packages;

    [Fact]
    public void The_package_holds_runtime_generator_and_build_step_and_nothing_else()
    {
        string[] expected =
        [
            "README.md",
            .. AnalyzerAssemblies().Select(name => $"analyzers/dotnet/cs/{name}.dll"),
            "buildTransitive/net10.0/OptBias.Dsl.props",
            "buildTransitive/net10.0/OptBias.Dsl.targets",
            "lib/net10.0/OptBias.Runtime.dll",
            "lib/net10.0/OptBias.Runtime.xml",
            "tools/netstandard2.0/OptBias.Build.dll",
        ];

        Assert.Equal(expected.Order(StringComparer.Ordinal), this.packages.FilesOf("OptBias.Dsl"));
    }

    [Fact]
    public void The_testing_package_holds_its_library_with_the_generator_that_it_runs()
    {
        Assert.Equal(
            [
                "README.md",
                "buildTransitive/net10.0/OptBias.Testing.props",
                "lib/net10.0/OptBias.Generators.dll",
                "lib/net10.0/OptBias.Testing.dll",
                "lib/net10.0/OptBias.Testing.xml",
            ],
            this.packages.FilesOf("OptBias.Testing"));
    }

    [Fact]
    public void The_package_of_optimizers_holds_them_and_brings_the_language()
    {
        Assert.Equal(["README.md", "lib/net10.0/OptBias.Optimizers.dll", "lib/net10.0/OptBias.Optimizers.xml"], this.packages.FilesOf("OptBias.Optimizers"));
        Assert.Contains("OptBias.Dsl", this.DependenciesOf("OptBias.Optimizers"));
    }

    /// <summary>A package that restores and then offers nothing is the worst answer.</summary>
    [Theory]
    [InlineData("OptBias.Dsl", "net8.0")]
    [InlineData("OptBias.Dsl", "net9.0")]
    [InlineData("OptBias.Testing", "net8.0")]
    public async Task A_project_of_an_older_framework_is_told_at_restore_which_one_it_takes(string id, string framework)
    {
        var folder = Directory.CreateDirectory(Path.Combine(this.packages.Root, $"old-{id}-{framework}")).FullName;
        File.WriteAllText(Path.Combine(folder, "Old.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>{framework}</TargetFramework>
                <EnableTargetingPackDownload>false</EnableTargetingPackDownload>
                <CheckEolTargetFramework>false</CheckEolTargetFramework>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{id}" Version="{this.packages.Version}" /></ItemGroup>
            </Project>
            """);

        var (exitCode, output) = await DotNet.Try(folder, "restore");

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"NU1202: Package {id} {this.packages.Version} is not compatible with {framework}", output);
        Assert.Contains("net10.0", output);
    }

    [Fact]
    public void The_runtime_needs_TorchSharp_and_no_compiler()
    {
        var dependencies = this.DependenciesOf("OptBias.Dsl");

        Assert.Contains("TorchSharp", dependencies);
        Assert.Contains("System.Numerics.Tensors", dependencies);
        Assert.DoesNotContain(dependencies, name => name.StartsWith("Microsoft.", StringComparison.Ordinal));
        Assert.DoesNotContain(dependencies, name => name.StartsWith("libtorch", StringComparison.Ordinal));
    }

    [Fact]
    public void The_testing_package_brings_the_runtime_of_its_own_version()
    {
        var runtime = this.packages.SpecificationOf("OptBias.Testing").Descendants("dependency")
            .Single(dependency => (string?)dependency.Attribute("id") == "OptBias.Dsl");

        Assert.Equal(this.packages.Version, (string?)runtime.Attribute("version"));
    }

    [Theory]
    [InlineData("OptBias.Dsl")]
    [InlineData("OptBias.Testing")]
    [InlineData("OptBias.Templates")]
    public void A_package_says_what_it_is(string id)
    {
        var metadata = this.packages.SpecificationOf(id).Element("metadata")!;

        Assert.Equal("MIT", (string?)metadata.Element("license"));
        Assert.Equal("README.md", (string?)metadata.Element("readme"));
        Assert.InRange(((string?)metadata.Element("description"))!.Length, 40, 300);
        Assert.Contains(id, this.packages.TextOf(id, "README.md"));
    }

    [Fact]
    public void The_template_asks_for_the_packages_of_its_own_version_and_for_this_repositorys_of_others()
    {
        var ours = Versions(XElement.Load(Path.Combine(FreshPackages.RepositoryRoot, "Directory.Packages.props")));
        var template = Versions(XElement.Parse(this.packages.TextOf("OptBias.Templates", "content/optbias/Directory.Packages.props")));

        Assert.Equal(this.packages.Version, template["OptBias.Dsl"]);
        Assert.Equal(this.packages.Version, template["OptBias.Testing"]);
        Assert.Equal(ours["xunit"], template["xunit"]);
        Assert.Matches(@"^\d+(\.\d+)+$", template["libtorch-cpu-linux-x64"]);
    }

    /// <summary>The projects whose assemblies are loaded by the compiler or an editor.</summary>
    static IEnumerable<string> AnalyzerAssemblies() =>
        Directory.GetDirectories(Path.Combine(FreshPackages.RepositoryRoot, "generators")).Select(folder => Path.GetFileName(folder)!);

    static Dictionary<string, string> Versions(XElement properties) => properties.Descendants("PackageVersion")
        .ToDictionary(version => (string)version.Attribute("Include")!, version => (string)version.Attribute("Version")!);

    List<string> DependenciesOf(string id) =>
        [.. this.packages.SpecificationOf(id).Descendants("dependency").Select(dependency => (string)dependency.Attribute("id")!)];
}
