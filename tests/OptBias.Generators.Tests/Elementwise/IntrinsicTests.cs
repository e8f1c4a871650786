using System.Globalization;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Tests;

/// <summary>Every row of the intrinsics table, on every target, against the C# function itself.</summary>
public sealed class IntrinsicTests
{
    private const int Count = 203;

    private static readonly Lazy<CompiledOptimizers> Compiled = new(() => CompiledOptimizers.Of(string.Concat(Calls().Select(Declaration))));

    public static TheoryData<string, string, Backend> Targets
    {
        get
        {
            var data = new TheoryData<string, string, Backend>();
            foreach (var (row, type, uniform) in Calls())
            {
                data.Add(row.Methods[0], Name(row, type, uniform), Backend.Fused);
                data.Add(row.Methods[0], Name(row, type, uniform), Backend.TorchSharp);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_function_is_what_it_is_in_CSharp(string function, string optimizer, Backend backend)
    {
        var row = Intrinsics.Rows.Single(r => r.Methods[0] == function);
        var descriptor = Compiled.Value.Descriptor(optimizer);
        var oracle = new MethodOracle(Compiled.Value.Type(optimizer), "Rule", descriptor);
        var single = optimizer.EndsWith("Single", StringComparison.Ordinal);

        // A few units in the last place, and what the row allows. libtorch has no fused multiplication: in float64 it rounds the
        // product, which then may cancel against the sum.
        var slack = row.Operation == Operation.FusedMultiplyAdd && backend == Backend.TorchSharp && !single ? 512 : 32;
        var unit = single ? 1.2e-7 : 2.3e-16;
        var values = Inputs(row, 1).Rounded();
        var gradients = new[] { Inputs(row, 2).Rounded(), Inputs(row, 3).Rounded() };
        Assert.InRange(oracle.Difference(descriptor, backend, values, gradients), 0, unit * (slack + (4 * row.Ulps)));
    }

    [Fact]
    public void Every_operation_that_is_a_function_has_a_row_and_every_row_all_its_texts()
    {
        Assert.Equal(Intrinsics.Rows.Count, Intrinsics.Rows.Select(row => row.Operation).Distinct().Count());
        foreach (var row in Intrinsics.Rows)
        {
            foreach (var text in new[] { row.Lanes, row.Cuda, row.Torch, row.Host, row.Unicode, row.Latex })
            {
                for (var k = 0; k < row.Arity; k++)
                    Assert.True(text.Contains($"{{{k}}}", StringComparison.Ordinal) || text.Contains($"[{k}]", StringComparison.Ordinal), $"{row.Operation}: '{text}' has no operand {k}.");
            }
        }
    }

    /// <summary>Every row in both types, with operands that are all elements, and with the last one the same for all elements.</summary>
    private static IEnumerable<(Intrinsic Row, string Type, bool Uniform)> Calls() =>
        from row in Intrinsics.Rows
        from type in new[] { "float", "double" }
        from uniform in row.Arity > 1 ? new[] { false, true } : [false]
        select (row, type, uniform);

    private static string Name(Intrinsic row, string type, bool uniform) =>
        row.Methods[0] + (uniform ? "Uniform" : "") + (type == "float" ? "Single" : "Double");

    private static string Declaration((Intrinsic Row, string Type, bool Uniform) call)
    {
        var (row, type, uniform) = call;
        var operands = new[] { "gradient", "parameter", "state" }.Take(row.Arity).ToArray();

        // Limits in order, and bases that have a power: what C# defines.
        if (row.Operation == Operation.Clamp)
            operands = ["gradient", uniform ? "-0.5f" : "-Math.Abs(parameter)", uniform ? "shared" : "Math.Abs(parameter)"];
        else if (row.Operation == Operation.Power)
            operands = ["Math.Abs(gradient) + " + (type == "float" ? "0.1f" : "0.1"), uniform ? "shared" : "parameter"];
        else if (row.Operation is Operation.Sqrt or Operation.Log)
            operands = ["Math.Abs(gradient)"];
        else if (uniform)
            operands[^1] = "shared";
        var functions = type == "float" && row.Methods[0] is not "Clamp" ? "MathF" : "Math";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            [Optimizer(LearningRate = 0.5), Elementwise(nameof(Rule))]
            public sealed partial class {{Name(row, type, uniform)}}
            {
                static {{type}} Rule({{type}} gradient, {{type}} parameter, ref {{type}} state, [Hyper(0.75)] {{type}} shared)
                {
                    {{type}} result = {{functions}}.{{row.Methods[0]}}({{string.Join(", ", operands)}});
                    state = gradient;
                    return result;
                }
            }

            """);
    }

    private static double[] Inputs(Intrinsic row, int seed) =>
        [.. row.Operation is Operation.Sign or Operation.Exp or Operation.Log or Operation.Tanh or Operation.Power ? [] : Samples.Special, .. Samples.Normal(seed, Count)];
}
