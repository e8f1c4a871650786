using OptBias.GpuCheck.Devices;
using OptBias.GpuCheck.Parity;
using OptBias.Optimizers;
using static TorchSharp.torch;

namespace OptBias.GpuCheck.Tests;

/// <summary>The comparison of the paths sees what is wrong, and says so.</summary>
public sealed class ParityTests
{
    private static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly);

    private static readonly ParityRun Run = new(Target.Cpu, TimeSpan.FromMinutes(1));

    [Fact]
    public void Every_declared_optimizer_is_compared_in_every_type()
    {
        var cases = ParityCase.All(Catalogue, large: true).ToList();
        Assert.Equal(4 * Catalogue.All.Count, cases.Count(c => c.Sizes == ParitySizes.Many));
        Assert.Equal(Catalogue.All.Count(d => d.Cost.MatrixStages == 0), cases.Count(c => c.Sizes == ParitySizes.Large));
        Assert.Equal(cases.Count, cases.Distinct().Count());
        Assert.DoesNotContain(ParityCase.All(Catalogue, large: false), c => c.Sizes == ParitySizes.Large);
    }

    [Fact]
    public void Paths_that_agree_are_found_to_agree()
    {
        var result = Run.Run(new ParityCase(Catalogue.Find("AdamW"), ScalarType.Float32, ParitySizes.Many));
        Assert.Equal(ParityOutcome.Agrees, result.Outcome);
        Assert.InRange(result.Largest, 1e-12, 1e-5);
        Assert.Equal(0, result.Above);
        Assert.Null(result.Problem);
    }

    [Fact]
    public void Paths_that_differ_are_found_to_differ()
    {
        // The first optimizer that is made is the fused one: it alone takes the other rate.
        var made = 0;
        var descriptor = Catalogue.Find("AdamW") with { Create = (parameters, _) => new AdamW(parameters, lr: made++ == 0 ? 2e-3 : 1e-3) };
        var result = Run.Run(new ParityCase(descriptor, ScalarType.Float32, ParitySizes.Many));
        Assert.Equal(2, made);
        Assert.Equal(ParityOutcome.Differs, result.Outcome);
        Assert.InRange(result.Above, result.Elements / 2, result.Elements);
        Assert.Contains("elements differ", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_element_too_many_is_a_difference()
    {
        using var problem = new TwinProblem(Target.Cpu, ScalarType.Float32, 1, [[20011], [3]]);
        Assert.Equal((0, 0), problem.Distance(1e-4));
        using (no_grad())
            problem.First[0][20010] = 100;
        var (largest, above) = problem.Distance(1e-4);
        Assert.InRange(largest, 10, 1e5);
        Assert.Equal(1, above);
        using (no_grad())
            problem.First[0][7] = double.NaN;
        Assert.Equal((double.PositiveInfinity, 2), problem.Distance(1e-4));

        var item = new ParityCase(Catalogue.Find("Lion"), ScalarType.Float32, ParitySizes.Many);
        Assert.Equal(0, item.Allowed(problem.Elements));
        Assert.Equal(32, (item with { Sizes = ParitySizes.Large }).Allowed(16_000_000));
    }

    [Fact]
    public void The_last_parameter_is_not_aligned()
    {
        using var problem = new TwinProblem(Target.Cpu, ScalarType.Float32, 1, [[16], [16]]);
        // libtorch aligns storage at 64 bytes at least; elements have 4.
        Assert.Equal(0, problem.First[0].storage_offset());
        Assert.Equal(1, problem.First[1].storage_offset());
        Assert.Equal(1, problem.Second[1].storage_offset());
    }

    [Fact]
    public void What_a_path_throws_is_the_cases_problem()
    {
        var descriptor = Catalogue.Find("AdamW") with { Create = (_, _) => throw new InvalidOperationException("no kernel\nmore") };
        var result = Run.Run(new ParityCase(descriptor, ScalarType.Float32, ParitySizes.Many));
        Assert.Equal(ParityOutcome.Differs, result.Outcome);
        Assert.Equal("InvalidOperationException: no kernel", result.Problem);
    }

    [Fact]
    public void Types_that_the_device_does_not_take_and_cases_without_time_are_not_run()
    {
        var descriptor = Catalogue.Find("AdamW") with { Create = (_, _) => throw new InvalidOperationException("is run") };
        ParityCase[] cases = [new(descriptor, ScalarType.Int32, ParitySizes.Many), new(descriptor, ScalarType.Float32, ParitySizes.Many)];
        var results = new ParityRun(Target.Cpu, TimeSpan.FromTicks(-1)).Run(cases).ToList();
        Assert.Equal([ParityOutcome.NotSupported, ParityOutcome.OutOfTime], results.Select(r => r.Outcome));
        Assert.Contains("Int32", results[0].Problem, StringComparison.Ordinal);
    }
}
