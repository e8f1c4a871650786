using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>The factored second moment, and the optimizer that it is known from.</summary>
public sealed class AdafactorTests
{
    private const int Steps = 60;

    public static TheoryData<Backend, long[]> Cases
    {
        get
        {
            var data = new TheoryData<Backend, long[]>();
            long[][] shapes = [[5, 4], [7], [4, 3, 2, 2], [2, 3, 5, 7], [], [1], [1, 6], [6, 1], [130, 70], [9000]];
            foreach (var shape in shapes)
            {
                data.Add(Backend.Fused, shape);
                data.Add(Backend.TorchSharp, shape);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Adafactor_is_that_of_torch(Backend backend, long[] shape)
    {
        using var problem = new Problem(ScalarType.Float64, 21, shape);
        using var optimizer = new Adafactor(problem.Parameters, lr: 0.2, clip_threshold: 0.9, minimum_scale: 0.3, beta2_decay: -0.7, weight_decay: 0.03);
        optimizer.Backend = backend;
        var expected = new AdafactorByHand(shape, Values(problem.Parameters[0]), 0.2, -0.7, 0.03, 0.9, 0.3);
        for (var step = 0; step < Steps; step++)
        {
            problem.SetGradients(step);
            expected.Step(Values(problem.Parameters[0].grad!));
            optimizer.step();
        }

        Assert.InRange(expected.Parameter.Zip(Values(problem.Parameters[0]), (b, a) => Math.Abs(a - b) / (Math.Abs(b) + 0.01)).Max(), 0, 1e-10);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.BFloat16, 4e-2)]
    public void Adafactor_takes_lower_precisions(ScalarType dtype, double tolerance)
    {
        using var exact = new Problem(ScalarType.Float64, 22, [33, 20], [17]);
        using var lower = new Problem(dtype, 22, [33, 20], [17]);
        using var one = new Adafactor(exact.Parameters);
        using var other = new Adafactor(lower.Parameters);
        for (var step = 0; step < 10; step++)
        {
            exact.SetGradients(step);
            lower.SetGradients(step);
            one.step();
            other.step();
        }

        Assert.InRange(lower.DistanceTo(exact), 0, tolerance);
    }

    /// <summary>float32 resolves ε = 1e-30, which carries gradients of 1e-6 as it should: the step depends on their direction alone.</summary>
    [Theory]
    [InlineData(Backend.Fused)]
    [InlineData(Backend.TorchSharp)]
    public void Small_gradients_in_float32_are_no_smaller_steps(Backend backend)
    {
        using var large = new Problem(ScalarType.Float32, 23, [6, 5]);
        using var small = new Problem(ScalarType.Float32, 23, [6, 5]);
        using var one = new Adafactor(large.Parameters) { Backend = backend };
        using var other = new Adafactor(small.Parameters) { Backend = backend };
        for (var step = 0; step < 5; step++)
        {
            large.SetGradients(step);
            small.SetGradients(step, gradient => gradient * 1e-6f);
            one.step();
            other.step();
        }

        Assert.InRange(small.DistanceTo(large), 0, 1e-4);
    }

    [Fact]
    public void A_gradient_of_zeros_moves_nothing_and_is_no_NaN()
    {
        using var problem = new Problem(ScalarType.Float64, 24, [4, 3], [5]);
        using var untouched = new Problem(ScalarType.Float64, 24, [4, 3], [5]);
        using var optimizer = new Adafactor(problem.Parameters);
        problem.SetGradients(0, gradient => gradient * 0);
        optimizer.step();
        Assert.Equal(0, problem.DistanceTo(untouched));
    }

    [Theory]
    [InlineData(40 + 30, 40L, 30L)]
    [InlineData(8 * (5 + 3), 4L, 2L, 5L, 3L)]
    [InlineData(1 + 25, 25L)]
    [InlineData(2)]
    public void The_state_is_rows_and_columns_and_the_cost_says_so(int numbers, params long[] shape)
    {
        using var problem = new Problem(ScalarType.Float32, 25, shape);
        using var optimizer = new Adafactor(problem.Parameters);
        problem.SetGradients(0);
        optimizer.step();
        Assert.Equal(numbers, optimizer.States.Single().Tensors.Sum(tensor => tensor.Value.NumberOfElements));
        Assert.Equal(numbers, Adafactor.Cost.StateNumbers(shape));
        Assert.Equal((0, 1, 1), (Adafactor.Cost.StateElements, Adafactor.Cost.StateRows, Adafactor.Cost.StateColumns));
    }

    /// <summary>Nothing of the parameter's size stays behind: neither as state nor as a workspace.</summary>
    [Fact]
    public void A_step_leaves_no_tensor_of_the_parameters_size()
    {
        using var problem = new Problem(ScalarType.Float32, 26, [64, 48]);
        using var optimizer = new Adafactor(problem.Parameters);
        problem.SetGradients(0);
        optimizer.step();
        Assert.Equal(2, UpdatePlanOf(optimizer).Workspaces.Count);
        Assert.Equal([Kernels.TensorExtent.Row, Kernels.TensorExtent.Column], UpdatePlanOf(optimizer).WorkspaceExtents.Order());
    }

    [Fact]
    public void A_state_dict_restores_rows_and_columns()
    {
        using var straight = new Problem(ScalarType.Float64, 27, [6, 5], [4]);
        using var broken = new Problem(ScalarType.Float64, 27, [6, 5], [4]);
        using var one = new Adafactor(straight.Parameters);
        using var first = new Adafactor(broken.Parameters);
        Run(straight, one, 0, 10);
        Run(broken, first, 0, 5);
        using var second = new Adafactor(broken.Parameters);
        second.load_state_dict(first.state_dict());
        Run(broken, second, 5, 10);
        Assert.Equal(0, straight.DistanceTo(broken));
    }

    [Fact]
    public void The_product_is_the_second_moment_where_that_has_rank_one()
    {
        using var factored = new Problem(ScalarType.Float64, 28, [5, 6]);
        using var whole = new Problem(ScalarType.Float64, 28, [5, 6]);
        using var one = new FactoredAdam(factored.Parameters);
        using var other = new Adam(whole.Parameters);
        using var row = rand([5, 1], dtype: ScalarType.Float64);
        using var column = rand([1, 6], dtype: ScalarType.Float64);
        for (var step = 0; step < 20; step++)
        {
            factored.SetGradients(step, gradient => gradient.sign() * row * column);
            whole.SetGradients(step, gradient => gradient.sign() * row * column);
            one.step();
            other.step();
        }

        Assert.InRange(factored.DistanceTo(whole), 0, 1e-10);
    }

    private static Kernels.UpdatePlan UpdatePlanOf(Adafactor optimizer) => Declared.Find(optimizer.GetType().Name).Plan;

    private static void Run(Problem problem, DeclaredOptimizer optimizer, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    private static double[] Values(Tensor tensor) => tensor.detach().reshape(-1).data<double>().ToArray();
}
