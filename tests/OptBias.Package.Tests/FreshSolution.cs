namespace OptBias.Package.Tests;

/// <summary>
/// A solution made with <c>dotnet new optbias</c> outside of this one and built from the fresh packages. Ours go to a
/// folder of packages of their own; the others are read where the machine already has them.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class FreshSolution : IAsyncLifetime, ICollectionFixture<FreshSolution>
{
    /// <summary>Packed and built once; the tests of the collection run one after another.</summary>
    public const string Collection = "fresh packages";

    /// <summary>With a dash, as names of folders have it and namespaces may not.</summary>
    public const string Name = "Some-Optimizers";

    public const string Namespace = "Some_Optimizers";

    public FreshPackages Packages { get; } = new();

    public string Folder => Path.Combine(this.Packages.Root, Name);

    public string Tests => Path.Combine(this.Folder, $"{Name}.Tests");

    public string OwnPackages => Path.Combine(this.Packages.Root, "packages");

    public string BuildOutput { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await this.Packages.InitializeAsync();
        var root = this.Packages.Root;
        File.WriteAllText(Path.Combine(root, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{this.OwnPackages}" /></config>
              <fallbackPackageFolders><add key="machine" value="{FreshPackages.MachinePackages}" /></fallbackPackageFolders>
              <packageSources><add key="fresh" value="{this.Packages.Feed}" /></packageSources>
            </configuration>
            """);

        await DotNet.Run(root, ["new", "install", this.Packages.PathOf("OptBias.Templates"), .. this.Hive]);
        await this.New(Name);
        this.BuildOutput = await DotNet.Run(this.Folder, "build", "--configuration", "Release");
    }

    /// <summary>Makes a solution of that name; returns its folder.</summary>
    public async Task<string> New(string name)
    {
        await DotNet.Run(this.Packages.Root, ["new", "optbias", "--name", name, .. this.Hive]);
        return Path.Combine(this.Packages.Root, name);
    }

    string[] Hive => ["--debug:custom-hive", Path.Combine(this.Packages.Root, "templates")];

    public Task DisposeAsync() => this.Packages.DisposeAsync();

    /// <summary>The output of the solution's own tests, built first where something changed, and whether they passed.</summary>
    public Task<(int ExitCode, string Output)> TryTests(params string[] properties) =>
        DotNet.Try(this.Folder, ["test", "--no-restore", "--configuration", "Release", .. properties]);
}
