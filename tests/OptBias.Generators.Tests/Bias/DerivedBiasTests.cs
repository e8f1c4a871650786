using OptBias.Optimizers;
using Xunit.Abstractions;

namespace OptBias.Generators.Tests;

/// <summary>
/// What is derived of the bundled optimizers is seen: what is claimed to hold holds on both paths, in float64 to 1e-9, and what is
/// claimed not to hold is seen to fail.
/// </summary>
public sealed class DerivedBiasTests(ITestOutputHelper output)
{
    private static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly);

    public static TheoryData<string> Names => [.. Catalogue.All.Select(optimizer => optimizer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_claimed_is_seen(string name)
    {
        var proof = new BiasProof(Catalogue.Find(name), seed: 1, isThorough: true);
        foreach (var line in proof.Claims)
            output.WriteLine(line);
        Assert.True(proof.Contradictions.Count == 0, string.Join("\n", proof.Contradictions));
    }

    /// <summary>What a method of the user's hands from step to step is not looked into, so rules with such numbers do not count.</summary>
    [Fact]
    public void Hardly_anything_about_them_is_unknown()
    {
        var answers = Catalogue.All.Where(optimizer => optimizer.Cost.CarriedNumbers == 0).SelectMany(optimizer => optimizer.Bias.Rules).SelectMany(rule => rule.Properties).Where(property => property.Name != BiasProperty.BoundedStep).ToList();
        Assert.InRange(answers.Count(property => property.Answer == Answer.Unknown), 0, answers.Count / 100);
    }
}
