using System.Runtime.CompilerServices;
using OptBias.Optimizers;
using OptBias.Testing;

namespace OptBias.Generators.Tests;

/// <summary>The generated code of every declaration in OptBias.Optimizers, as it was compiled.</summary>
public sealed class DeclaredOptimizerTests
{
    private static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly);

    public static TheoryData<string> Names => [.. Catalogue.All.Select(optimizer => optimizer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Generated_code(string name) => Snapshot.Of(Catalogue.Find(name).Type, name);

    [Fact]
    public void Every_snapshot_is_that_of_a_declared_optimizer()
    {
        const string prefix = $"{nameof(DeclaredOptimizerTests)}.{nameof(Generated_code)}_";
        var snapshots = Directory.GetFiles(SourceFolder(), $"{prefix}*.verified.cs").Select(path => Path.GetFileName(path)![prefix.Length..].Split('#')[0]);
        Assert.Equal(Catalogue.All.Select(optimizer => optimizer.Name).Order(StringComparer.Ordinal), snapshots.Distinct().Order(StringComparer.Ordinal));
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
