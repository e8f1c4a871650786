using System.Runtime.CompilerServices;
using OptBias.Lab.Commands;
using OptBias.Lab.Probes.Reporting;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Probes;

/// <summary>
/// <c>docs/cards</c> has a card for every bundled declaration and no other, and what a card says of the declaration is what follows from
/// it today. The probes' numbers take minutes: <see cref="ProbeBarTests"/> holds those that matter.
/// </summary>
public sealed class CommittedCardTests
{
    private static readonly IOptimizerSource Optimizers = Laboratory.Default.Optimizers;

    public static TheoryData<string> Names => [.. Optimizers.All.Select(optimizer => optimizer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_card_derives_is_current(string name)
    {
        var card = File.ReadAllText(Path.Combine(Folder(), name + ".md"));
        Assert.StartsWith(BiasCard.Derived(Optimizers.Find(name)), card);
        Assert.Contains("## What the probes measure", card);
    }

    [Fact]
    public void There_is_no_card_of_what_is_gone_and_the_index_is_current()
    {
        var files = Directory.GetFiles(Folder(), "*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
        Assert.Equal(Optimizers.All.Select(optimizer => optimizer.Name).Append("README").Order(StringComparer.Ordinal), files);
        Assert.Equal(CardIndex.Of(Optimizers.All.OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)), File.ReadAllText(Path.Combine(Folder(), "README.md")));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/cards");
}
