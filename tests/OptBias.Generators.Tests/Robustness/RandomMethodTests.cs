using Microsoft.CodeAnalysis;
using Xunit.Abstractions;

namespace OptBias.Generators.Tests;

/// <summary>
/// Per-element methods made by chance, alone and among other stages. None crashes anything; each with a mistake has an error from
/// the catalogue; each other one has none, compiles without a warning, and on both paths does what the method itself does: it is
/// plain C#, called for one element after another, with the stages around it written by hand. In float64, where the
/// <c>float</c> of a method stands for <c>double</c>: there its twin with <c>double</c> is called.
/// </summary>
public sealed class RandomMethodTests(ITestOutputHelper output)
{
    private const int BatchSize = 250;

    private const int Steps = 3;

    /// <summary>Differences below it are rounding.</summary>
    private const double Rounding = 1e-9;

    /// <summary>How many times as much as a change of the input's last bits the paths may differ.</summary>
    private const double Slack = 100;

    private const string Other = "static class Other9 { public static double Weight(double x) => x; public static float Weight(float x) => x; }";

    public static TheoryData<int> Batches => RandomBatches.Of(total: 20, part: 2);

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Wrong_methods_have_a_diagnostic_and_valid_ones_do_what_is_generated_for_them(int batch)
    {
        var all = Enumerable.Range(batch * BatchSize, BatchSize).ToDictionary(seed => seed, RandomMethod.Make);
        await CheckWrongAsync([.. all.Values.Where(method => method.Mistake is not null)]);

        var valid = all.Where(pair => pair.Value.Mistake is null).ToList();
        var program = new RandomProgram(valid.Select(pair => pair.Value.Source));
        var diagnostics = await program.DiagnosticsAsync();
        for (var k = 0; k < valid.Count; k++)
            Assert.True(diagnostics[k].All(d => d.Severity != DiagnosticSeverity.Error), $"{string.Join("\n", diagnostics[k])}\n{valid[k].Value.Source}");

        using var compiled = program.Compile();
        var sensitive = 0;
        var failures = new List<string>();
        foreach (var (seed, method) in valid)
        {
            var (values, gradients) = (Inputs(seed, 0), Enumerable.Range(1, Steps).Select(step => Inputs(seed, step)).ToArray());
            var descriptor = compiled.Descriptor(method.Name);
            var expected = Oracle(compiled, method, descriptor, noise: null).Trajectory(values, gradients);
            foreach (var backend in new[] { Backend.Fused, Backend.TorchSharp })
            {
                var difference = MethodOracle.Difference(descriptor, backend, values, gradients, expected);
                if (difference <= Rounding)
                    continue;
                sensitive++;
                var bound = Bound(compiled, method, descriptor, values, gradients, expected);
                if (!(difference <= bound))
                    failures.Add($"{backend} differs by {difference:g3}, and last bits of the input make {bound:g3}:\n{method.Source}");
            }
        }

        output.WriteLine($"{valid.Count} ran; {sensitive} runs magnify rounding.");
        Assert.True(failures.Count == 0, string.Join("\n", failures.Prepend($"{failures.Count} of {valid.Count}")));
        Assert.InRange(valid.Count, BatchSize / 2, BatchSize);
        Assert.InRange(sensitive, 0, valid.Count / 20);
    }

    private static MethodOracle Oracle(CompiledOptimizers compiled, RandomMethod method, OptimizerDescriptor descriptor, Random? noise) =>
        new(compiled.Type(method.OracleName), "Rule", descriptor)
        {
            Above = method.Above,
            Below = method.Below,
            Disturb = number => noise is null ? number : PathComparison.Noisy(number, noise),
        };

    /// <summary>What the method itself makes of a change in the last bits of parameter, gradients and what is the same for all elements.</summary>
    private static double Bound(CompiledOptimizers compiled, RandomMethod method, OptimizerDescriptor descriptor, double[] values, double[][] gradients, double[][] expected)
    {
        var bound = Rounding;
        for (var k = 1; k <= 8; k++)
        {
            var random = new Random(k);
            var noisy = Oracle(compiled, method, descriptor, random).Trajectory(PathComparison.Noisy(values, random), [.. gradients.Select(gradient => PathComparison.Noisy(gradient, random))]);
            bound = Math.Max(bound, Slack * noisy.Zip(expected, MethodOracle.Distance).Max());
        }

        return bound;
    }

    /// <summary>Normal numbers, and among them zeros of both signs, both sides of what the methods compare with, small ones and large ones.</summary>
    private static double[] Inputs(int seed, int step)
    {
        // Whole vectors, and for some methods half a vector and a rest.
        var numbers = Samples.Normal((seed * 10) + step, seed % 4 == 0 ? 21 : 16);
        double[] special = [0.0, -0.0, 0.5, -0.5, 1, -1, 1e-3, -30, 30];
        for (var k = 0; k < 6; k++)
            numbers[(k * 5) % numbers.Length] = special[((seed * 7) + (step * 3) + (k * (1 + step))) % special.Length];
        return numbers;
    }

    private static async Task CheckWrongAsync(List<RandomMethod> wrong)
    {
        var program = new RandomProgram(wrong.Select(method => method.Source).Append(Other));
        program.Generate();
        var diagnostics = await program.DiagnosticsAsync();
        for (var k = 0; k < wrong.Count; k++)
            Assert.True(diagnostics[k].Any(d => d.Severity == DiagnosticSeverity.Error), $"{wrong[k].Mistake}:\n{wrong[k].Source}");
    }
}
