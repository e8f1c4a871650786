using Microsoft.CodeAnalysis;
using Xunit.Abstractions;

namespace OptBias.Generators.Tests;

/// <summary>
/// Ten thousand declarations made by chance, of which a run takes a part (<see cref="RandomBatches"/>). None crashes anything; each with a mistake has the diagnostic that the mistake is
/// known for; each other one has no error, compiles without a warning, and does the same on both of its paths: they are printed
/// from one graph by two printers, and what TorchSharp's operations do is the oracle of the fused loop.
/// </summary>
public sealed class RandomDeclarationTests(ITestOutputHelper output)
{
    private const int BatchSize = 500;

    public static TheoryData<int> Batches => RandomBatches.Of(total: 20, part: 2);

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Wrong_declarations_have_their_diagnostic_and_valid_ones_do_the_same_on_both_paths(int batch)
    {
        var all = Enumerable.Range(batch * BatchSize, BatchSize).ToDictionary(seed => seed, RandomDeclaration.Make);
        var failures = await CheckWrongAsync([.. all.Values.Where(declaration => !declaration.IsValid)]);

        var valid = all.Where(pair => pair.Value.IsValid).ToList();
        var program = new RandomProgram(valid.Select(pair => pair.Value.Source));
        var diagnostics = await program.DiagnosticsAsync();
        for (var k = 0; k < valid.Count; k++)
        {
            var declaration = valid[k].Value;
            if (diagnostics[k].Any(d => d.Severity == DiagnosticSeverity.Error) || !Has(declaration.Expected, diagnostics[k]))
                failures.Add($"{declaration.Expected ?? "Nothing"} is expected, there is {string.Join("\n", diagnostics[k])}\n{declaration.Source}");
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures.Prepend($"{failures.Count} of {BatchSize}")));
        using var compiled = program.Compile();
        var (run, sensitive, finite) = (0, 0, 0);
        var rules = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (seed, declaration) in valid)
        {
            if (!declaration.IsOptimizer)
                continue;
            var descriptor = compiled.Descriptor(declaration.Name);
            var comparison = new PathComparison(descriptor, seed);
            run++;
            if (!comparison.IsFinite)
                output.WriteLine($"No finite numbers. {comparison.Failure}\n{declaration.Source}");
            rules.Add(descriptor.Formulas);
            sensitive += comparison.IsSensitive ? 1 : 0;
            finite += comparison.IsFinite ? 1 : 0;
            if (!(comparison.Difference <= comparison.Bound))
                failures.Add($"The paths differ by {comparison.Difference:g3}, and last bits of the input make {comparison.Bound:g3}:\n{declaration.Source}");
        }

        output.WriteLine($"{run} ran, {rules.Count} different rules, {finite} with finite numbers only; {sensitive} magnify rounding.");
        Assert.True(failures.Count == 0, string.Join("\n", failures.Prepend($"{failures.Count} of {run}")));
        Assert.InRange(run, BatchSize * 6 / 10, BatchSize);
        Assert.InRange(finite, run * 95 / 100, run);
        Assert.InRange(sensitive, 0, run / 20);
        Assert.InRange(rules.Count, run * 65 / 100, run);
    }

    /// <summary>Text that is no C# any more crashes nothing either: an editor asks about it at every key.</summary>
    [Fact]
    public async Task Declarations_with_tokens_gone_doubled_or_swapped_crash_nothing()
    {
        for (var batch = 0; batch < 4; batch++)
        {
            List<string> sources = [.. Enumerable.Range(batch * BatchSize, BatchSize).Select(seed =>
                BrokenSource.Of(seed % 2 == 0 ? RandomDeclaration.Make(seed).Source : RandomMethod.Make(seed).Source, new Random(seed)))];
            new RandomProgram(sources).Generate();
            var programs = RandomProgram.Bindable(sources).ToList();
            Assert.InRange(programs.Sum(program => program.Count), BatchSize - 5, BatchSize);
            foreach (var program in programs)
                await program.DiagnosticsAsync();
        }
    }

    private static async Task<List<string>> CheckWrongAsync(List<RandomDeclaration> wrong)
    {
        var program = new RandomProgram(wrong.Select(declaration => declaration.Source));
        program.Generate();
        var diagnostics = await program.DiagnosticsAsync();
        return [.. wrong.Zip(diagnostics)
            .Where(pair => !Has(pair.First.Expected, pair.Second))
            .Select(pair => $"{pair.First.Expected} is missing, there is {string.Join(", ", pair.Second.Select(d => d.Id))}:\n{pair.First.Source}")];
    }

    private static bool Has(string? id, IReadOnlyList<Diagnostic> diagnostics) => id is null || diagnostics.Any(d => d.Id == id);
}
