using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>bfloat16 and float16 parameters on the CPU: fused kernels compute in float32 what the TorchSharp path computes.</summary>
[Collection(Alone.Name)]
public sealed class HalfPrecisionStepTests
{
    private static readonly long[][] Shapes = [[], [0], [1], [7], [8], [9], [17], [1000], [10007], [4, 3, 2, 2], [33, 17]];

    /// <summary>Shapes for optimizers with matrix stages.</summary>
    private static readonly long[][] SmallShapes = [[], [0], [1], [7], [8], [9], [17], [4, 3, 2, 2], [33, 17]];

    public static TheoryData<string> Names => Declared.Names;

    /// <summary>Optimizers whose arithmetic has no root, power or sum, in which the two paths round differently.</summary>
    public static TheoryData<string> ExactNames => ["Sgd", "SgdMomentum", "SgdNesterov", "Lion", "Adamax", "ValueClipped", "TwoMomenta", "AfterStep", "ChanceSgd", "MasterSgd", "ChanceMomentum", "NarrowMasterLion"];

    /// <summary>The last place of a number counts up to 2⁻⁷ of it in bfloat16.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_agree_to_the_last_place_of_bfloat16(string name) => Assert.InRange(Distance(name, ScalarType.BFloat16, 3), 0, 1.0 / 128);

    /// <summary>The last place of a number counts up to 2⁻¹⁰ of it in float16.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_agree_to_the_last_place_of_float16(string name) => Assert.InRange(Distance(name, ScalarType.Float16, 3), 0, 1.0 / 1024);

    [Theory]
    [MemberData(nameof(ExactNames))]
    public void Paths_agree_to_the_bit_where_the_arithmetic_is_exact(string name)
    {
        Assert.Equal(0, Distance(name, ScalarType.BFloat16, 20));
        Assert.Equal(0, Distance(name, ScalarType.Float16, 20));
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void A_step_is_one_of_float32_rounded_once(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var narrow = new Problem(dtype, 4, Shapes);
        using var wide = new Problem(dtype, 4, Shapes);
        for (var i = 0; i < wide.Parameters.Count; i++)
            wide.Parameters[i] = new(narrow.Parameters[i].detach().to_type(ScalarType.Float32));
        using var one = Make("AdamW", narrow, Backend.Fused);
        using var other = Make("AdamW", wide, Backend.Fused);
        narrow.SetGradients(0);
        for (var i = 0; i < wide.Parameters.Count; i++)
            wide.Parameters[i].grad = narrow.Parameters[i].grad!.to_type(ScalarType.Float32);
        one.step();
        other.step();
        for (var i = 0; i < wide.Parameters.Count; i++)
            wide.Parameters[i] = new(wide.Parameters[i].detach().to_type(dtype));
        Assert.Equal(0, narrow.DistanceTo(wide));
        Assert.All(one.States, state => Assert.All(state.Tensors, t => Assert.Equal(ScalarType.Float32, t.Value.dtype)));
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void A_fused_step_allocates_no_managed_memory(ScalarType dtype)
    {
        using var problem = new Problem(dtype, 1, [12, 9], [9]);
        using var optimizer = Make("AdamW", problem, Backend.Fused);
        problem.SetGradients(0);
        Assert.Equal(0, Allocations.OfSteps(optimizer));
    }

    [Fact]
    public void Gradients_that_are_not_finite_arrive_as_they_are_where_they_are_to_be_propagated()
    {
        foreach (var dtype in new[] { ScalarType.BFloat16, ScalarType.Float16 })
        {
            using var problem = new Problem(dtype, 2, [40]);
            using var optimizer = Make("Sgd", problem, Backend.Fused);
            optimizer.OnNonFinite = NonFiniteAction.Propagate;
            using var scope = NewDisposeScope();
            problem.SetGradients(0, gradient =>
            {
                gradient[1] = double.PositiveInfinity;
                gradient[2] = double.NaN;
                gradient[37] = double.NegativeInfinity;
                return gradient;
            });
            optimizer.step();
            var values = problem.Parameters[0].detach().to_type(ScalarType.Float32).data<float>().ToArray();
            Assert.Equal((float.NegativeInfinity, float.NaN, float.PositiveInfinity), (values[1], values[2], values[37]));
            Assert.Equal(37, values.Count(float.IsFinite));
        }
    }

    private static double Distance(string name, ScalarType dtype, int steps)
    {
        var shapes = Declared.Find(name).Cost.MatrixStages > 0 ? SmallShapes : Shapes;
        using var fused = new Problem(dtype, 1, shapes);
        using var oracle = new Problem(dtype, 1, shapes);
        using var one = Make(name, fused, Backend.Fused);
        using var other = Make(name, oracle, Backend.TorchSharp);
        for (var step = 0; step < steps; step++)
        {
            fused.SetGradients(step);
            oracle.SetGradients(step);
            one.step();
            other.step();
        }

        return fused.DistanceTo(oracle);
    }

    private static DeclaredOptimizer Make(string name, Problem problem, Backend backend)
    {
        var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        optimizer.Backend = backend;
        return optimizer;
    }
}
