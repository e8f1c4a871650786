using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>The TorchSharp path is the oracle of the fused one: for every declared optimizer, over dtypes, shapes and layouts, for 50 steps.</summary>
[Collection(Alone.Name)]
public sealed class BackendAgreementTests
{
    private const int Steps = 50;

    private static readonly long[][] Shapes = [[], [0], [1], [7], [8], [9], [1000], [10007], [4, 3, 2, 2], [33, 17]];

    /// <summary>Shapes for optimizers with matrix stages, whose factors have the side of each dimension.</summary>
    private static readonly long[][] SmallShapes = [[], [0], [1], [7], [8], [9], [64], [4, 3, 2, 2], [33, 17]];

    public static TheoryData<string> Names => Declared.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_agree_in_float64(string name) => Compare(name, ScalarType.Float64, 1e-10);

    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_agree_in_float32(string name) => Compare(name, ScalarType.Float32, 1e-4);

    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_agree_on_expanded_and_transposed_gradients(string name)
    {
        // An expanded gradient has rank 1. Newton-Schulz multiplies what is near 0 by up to 3 in each of its 16 steps, and so the
        // rounding of its null space by 3¹⁶ = 4e7: which of the two paths has it is no fault of either.
        var rankOne = name == "SpectralDescent" ? 1e-7 : 1e-10;
        Compare(name, ScalarType.Float64, rankOne, gradient => gradient.NumberOfElements == 0 ? gradient : gradient.flatten()[0].expand(gradient.shape));
        Compare(name, ScalarType.Float64, 1e-10, gradient => gradient.dim() < 2 ? gradient : gradient.transpose(0, 1).contiguous().transpose(0, 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parameter_that_is_not_contiguous_gets_the_same_update(string name)
    {
        using var plain = new Problem(ScalarType.Float64, 3, [6, 5]);
        using var transposed = new Problem(ScalarType.Float64, 3, [6, 5]);
        transposed.Parameters[0] = new(plain.Parameters[0].detach().t().contiguous().t());
        Assert.False(transposed.Parameters[0].is_contiguous());

        using var one = Make(name, plain, Backend.TorchSharp);
        using var other = Make(name, transposed, Backend.Auto);
        for (var step = 0; step < 10; step++)
        {
            plain.SetGradients(step);
            transposed.SetGradients(step);
            one.step();
            other.step();
        }

        Assert.InRange(transposed.DistanceTo(plain), 0, 1e-10);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 4e-2)]
    [InlineData(ScalarType.Float16, 4e-3)]
    public void Half_precision_is_computed_in_float32(ScalarType dtype, double tolerance)
    {
        // The bounds are a few units in the last place of a weight of size 1: 2⁻⁸ and 2⁻¹¹.
        using var narrow = new Problem(dtype, 4, [40], [5, 6]);
        using var wide = new Problem(dtype, 4, [40], [5, 6]);
        for (var i = 0; i < wide.Parameters.Count; i++)
            wide.Parameters[i] = new(narrow.Parameters[i].detach().to_type(ScalarType.Float32));
        using var one = Make("AdamW", narrow, Backend.Auto);
        using var other = Make("AdamW", wide, Backend.Auto);
        narrow.SetGradients(0);
        for (var i = 0; i < wide.Parameters.Count; i++)
            wide.Parameters[i].grad = narrow.Parameters[i].grad!.to_type(ScalarType.Float32);
        one.step();
        other.step();
        Assert.InRange(narrow.DistanceTo(wide), 0, tolerance);
        Assert.All(one.States, state => Assert.All(state.Tensors, t => Assert.Equal(ScalarType.Float32, t.Value.dtype)));
    }

    [Fact]
    public void A_sum_does_not_depend_on_the_number_of_threads()
    {
        var threads = get_num_threads();
        try
        {
            var results = new[] { 1, 2, 3 }.Select(count =>
            {
                set_num_threads(count);
                var problem = new Problem(ScalarType.Float32, 5, [300_007], [70_001]);
                using var optimizer = new Clipped(problem.Parameters, lr: 0.1);
                for (var step = 0; step < 3; step++)
                {
                    problem.SetGradients(step);
                    optimizer.step();
                }

                return problem;
            }).ToList();
            Assert.Equal(0, results[1].DistanceTo(results[0]));
            Assert.Equal(0, results[2].DistanceTo(results[0]));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static void Compare(string name, ScalarType dtype, double tolerance, Func<Tensor, Tensor>? layout = null)
    {
        var shapes = Declared.Find(name).Cost.MatrixStages > 0 ? SmallShapes : Shapes;
        using var fused = new Problem(dtype, 1, shapes);
        using var oracle = new Problem(dtype, 1, shapes);
        using var one = Make(name, fused, Backend.Fused);
        using var other = Make(name, oracle, Backend.TorchSharp);
        for (var step = 0; step < Steps; step++)
        {
            fused.SetGradients(step, layout);
            oracle.SetGradients(step, layout);
            one.step();
            other.step();
        }

        Assert.InRange(fused.DistanceTo(oracle), 0, tolerance);
        using (one.AtEvaluationPoint())
        using (other.AtEvaluationPoint())
            Assert.InRange(fused.DistanceTo(oracle), 0, tolerance);
    }

    private static DeclaredOptimizer Make(string name, Problem problem, Backend backend)
    {
        var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        optimizer.Backend = backend;
        return optimizer;
    }
}
