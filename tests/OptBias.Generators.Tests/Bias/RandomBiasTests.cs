using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace OptBias.Generators.Tests;

/// <summary>
/// What is derived of random declarations is seen: more than a thousand, on the two paths by turns, in float64. A claim that
/// something holds must hold, and a claim that it does not must be seen to fail. What is not known is counted, and rare.
/// </summary>
public sealed partial class RandomBiasTests(ITestOutputHelper output)
{
    private const int BatchSize = 80;

    /// <summary>Other declarations than those that the paths are compared on.</summary>
    private const int FirstSeed = 50_320;

    public static TheoryData<int> Batches => RandomBatches.Of(total: 20, part: 20);

    [Theory]
    [MemberData(nameof(Batches))]
    public void What_is_claimed_is_seen(int batch)
    {
        var valid = Enumerable.Range(FirstSeed + (batch * BatchSize), BatchSize).Select(seed => (Seed: seed, Declaration: Fresh(RandomDeclaration.Make(seed))))
            .Where(pair => pair.Declaration is { IsValid: true, IsOptimizer: true }).ToList();
        using var compiled = new RandomProgram(valid.Select(pair => pair.Declaration.Source)).Compile();
        var failures = new List<string>();
        var (compared, unknown, unclear) = (0, 0, 0);
        foreach (var (seed, declaration) in valid)
        {
            var proof = new BiasProof(compiled.Descriptor(declaration.Name), seed, isThorough: false);
            compared += proof.Compared;
            unknown += proof.Unknown;
            unclear += proof.Unclear;
            if (proof.Contradictions.Count > 0)
                failures.Add($"{string.Join("\n", proof.Contradictions)}\n{declaration.Source}");
        }

        output.WriteLine($"{valid.Count} declarations, {compared} answers compared, {unknown} not known, {unclear} lost in rounding.");
        Assert.True(failures.Count == 0, string.Join("\n", failures.Prepend($"{failures.Count} of {valid.Count}")));
        Assert.InRange(valid.Count, BatchSize * 9 / 16, BatchSize);
        Assert.InRange(unknown, 0, (compared + unknown) / 6);
        Assert.InRange(unclear, 0, compared / 8);
    }

    [Fact]
    public void Together_they_are_a_thousand_declarations_without_a_mistake() =>
        Assert.InRange(Enumerable.Range(FirstSeed, 20 * BatchSize).Count(seed => RandomDeclaration.Make(seed) is { IsValid: true, IsOptimizer: true }), 1000, 20 * BatchSize);

    /// <summary>Roots that are kept as long as they fit hide for many steps what the rule is.</summary>
    private static RandomDeclaration Fresh(RandomDeclaration declaration) => declaration with { Source = Tolerance().Replace(declaration.Source, "") };

    [GeneratedRegex(@"(?<=\()StalenessTolerance = [^,)]*(, )?|, StalenessTolerance = [^,)]*")]
    private static partial Regex Tolerance();
}
