using OptBias.LinearAlgebra;
using OptBias.Routes;
using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>
/// A step that is refused has changed nothing, bit for bit: for every optimizer, type and route that a step can take, in the first
/// step and later, and training goes on as if it had not been tried.
/// </summary>
public sealed class RefusedStepTests
{
    private static readonly long[][] Shapes = [[4], [6, 5], [2, 3, 2], [], [0, 3], [5, 1]];
    private static readonly ScalarType[] Types = [ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    /// <summary>The ways that the update of a parameter can go.</summary>
    public enum Way
    {
        Fused,
        TorchSharp,
        Device,
    }

    public static TheoryData<string, Way> Cases
    {
        get
        {
            var cases = new TheoryData<string, Way>();
            foreach (var descriptor in Declared.OfAnyProblem)
            {
                foreach (var way in Enum.GetValues<Way>())
                    cases.Add(descriptor.Name, way);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gradient_that_is_not_finite_changes_nothing(string name, Way way) => On(way, () =>
    {
        foreach (var dtype in Types)
        {
            using var problem = new Problem(dtype, 1, Shapes);
            using var undisturbed = new Problem(dtype, 1, Shapes);
            using var optimizer = Make(name, problem, way);
            using var reference = Make(name, undisturbed, way);
            for (var step = 0; step < 4; step++)
            {
                if (step is 0 or 1 or 3)
                {
                    problem.SetGradients(step);
                    var bad = step switch { 0 => 0, 1 => 3, _ => 5 };
                    Spoil(problem.Parameters[bad], step switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => double.NegativeInfinity });
                    var before = new Everything(optimizer, problem);
                    var refusal = Assert.ThrowsAny<InvalidOperationException>(() => optimizer.step());
                    var cause = refusal as NonFiniteGradientException ?? Assert.IsType<NonFiniteGradientException>(Assert.IsType<PreconditionerException>(refusal).InnerException);
                    Assert.Equal($"parameter {bad} of group 0", cause.Parameter);
                    Assert.Equal(1, cause.Count);
                    Everything.AssertSame(before, new Everything(optimizer, problem), $"{dtype}, step {step}");
                }

                problem.SetGradients(step);
                undisturbed.SetGradients(step);
                optimizer.step();
                reference.step();
            }

            Everything.AssertSame(new Everything(reference, undisturbed), new Everything(optimizer, problem), $"{dtype}, at the end");
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_skipped_step_changes_nothing_and_is_counted(string name, Way way) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float32, 1, Shapes);
        using var undisturbed = new Problem(ScalarType.Float32, 1, Shapes);
        using var optimizer = Make(name, problem, way);
        using var reference = Make(name, undisturbed, way);
        optimizer.OnNonFinite = NonFiniteAction.SkipStep;
        for (var step = 0; step < 4; step++)
        {
            if (step is 0 or 2)
            {
                problem.SetGradients(step);
                Spoil(problem.Parameters[1 + step], double.NaN);
                var before = new Everything(optimizer, problem);
                optimizer.step();
                Everything.AssertSame(before, new Everything(optimizer, problem), $"step {step}");
            }

            problem.SetGradients(step);
            undisturbed.SetGradients(step);
            optimizer.step();
            reference.step();
        }

        Assert.Equal(2, optimizer.SkippedSteps);
        Assert.Equal(0, reference.SkippedSteps);
        Everything.AssertSame(new Everything(reference, undisturbed), new Everything(optimizer, problem), "at the end");
    });

    [Theory]
    [InlineData(Way.Fused)]
    [InlineData(Way.TorchSharp)]
    [InlineData(Way.Device)]
    public void A_skipped_step_leaves_zeros_where_gradients_are_to_be_zeros(Way way) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float32, 1, [40], [3, 4]);
        using var optimizer = new AdamW(problem.Parameters) { OnNonFinite = NonFiniteAction.SkipStep, ZerosGradients = true, Backend = way == Way.TorchSharp ? Backend.TorchSharp : Backend.Auto };
        problem.SetGradients(0);
        Spoil(problem.Parameters[1], double.NaN);
        optimizer.step();
        Assert.All(problem.Parameters, parameter => Assert.Equal(0, parameter.grad!.abs().sum().item<float>()));
    });

    [Theory]
    [InlineData(Way.Fused)]
    [InlineData(Way.TorchSharp)]
    [InlineData(Way.Device)]
    public void The_message_names_the_parameter_how_many_elements_and_the_first(Way way) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float32, 1, [40], [3, 4]);
        using var optimizer = new AdamW([("bias", problem.Parameters[0]), ("weight", problem.Parameters[1])]) { Backend = way == Way.TorchSharp ? Backend.TorchSharp : Backend.Auto };
        problem.SetGradients(0);
        problem.Parameters[1].grad![1, 3] = double.NaN;
        problem.Parameters[1].grad![2, 0] = double.PositiveInfinity;
        var refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.step());
        Assert.StartsWith("AdamW: the gradient of parameter 'weight', of shape [3, 4], has 2 of 12 elements that are NaN or infinite, the first at [1, 3]. The step was refused, and nothing has changed.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((2L, "parameter 'weight'"), (refusal.Count, refusal.Parameter));
        Assert.Equal([1L, 3L], refusal.FirstIndex);
    });

    /// <summary>A gradient that is no contiguous tensor is looked at all the same, and so is one whose sign is turned.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_transposed_gradient_is_looked_at(bool maximize)
    {
        using var parameter = new Parameter(ones(3, 4)) { grad = ones(4, 3).t() };
        parameter.grad![1, 2] = double.NaN;
        using var optimizer = new AdamW([parameter], maximize: maximize);
        Assert.Equal([1L, 2L], Assert.Throws<NonFiniteGradientException>(() => optimizer.step()).FirstIndex);
    }

    [Fact]
    public void What_is_propagated_goes_where_torch_lets_it_go()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3)) { grad = tensor(new[] { 1f, float.NaN, 1f }) };
        using var optimizer = new AdamW([parameter]) { OnNonFinite = NonFiniteAction.Propagate };
        optimizer.step();
        Assert.Equal([true, false, true], parameter.isfinite().data<bool>().ToArray());

        var matrix = new Parameter(ones(3, 2)) { grad = full(3, 2, float.NaN) };
        using var shampoo = new Shampoo([matrix]) { OnNonFinite = NonFiniteAction.Propagate };
        Assert.Throws<PreconditionerException>(() => shampoo.step());
        Assert.Equal(0, shampoo.States.Single().Step);
    }

    [Fact]
    public void An_action_that_is_none_is_refused()
    {
        using var parameter = new Parameter(ones(3));
        using var optimizer = new AdamW([parameter]);
        Assert.Equal(NonFiniteAction.Throw, optimizer.OnNonFinite);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.OnNonFinite = (NonFiniteAction)3);
    }

    /// <summary>In float64 the squares of finite numbers overflow, which only the preconditioner of the second route minds.</summary>
    [Theory]
    [InlineData(Way.Fused, 1e200)]
    [InlineData(Way.Device, 1e200)]
    [InlineData(Way.Fused, 6e153)]
    [InlineData(Way.Device, 6e153)]
    public void A_second_route_that_refuses_undoes_the_first(Way way, double large) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float64, 1, [6, 5], [9]);
        using var optimizer = new TwoShampoos(problem.Parameters);
        for (var step = 0; step < 6; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
            problem.SetGradients(step);
            problem.Parameters[1].grad!.fill_(large);
            var before = new Everything(optimizer, problem);
            Assert.Throws<PreconditionerException>(() =>
            {
                // One square of 3.6e307 is finite; the ninth is not, and neither is the trace of four.
                for (var k = 0; k < 8; k++)
                {
                    before = new Everything(optimizer, problem);
                    optimizer.step();
                }
            });
            Everything.AssertSame(before, new Everything(optimizer, problem), $"step {step}");
        }
    });

    [Theory]
    [InlineData("Soap", Way.Fused)]
    [InlineData("Soap", Way.TorchSharp)]
    [InlineData("Soap", Way.Device)]
    [InlineData("SoapAndAdamW", Way.Fused)]
    [InlineData("SoapAndAdamW", Way.Device)]
    public void A_basis_that_fails_too_often_stops_the_step_after_parameters_were_written_and_undoes_it(string name, Way way) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4], [6, 5], [3, 4]);
        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double> { ["update_every"] = 1 });
        optimizer.Backend = way == Way.TorchSharp ? Backend.TorchSharp : Backend.Auto;
        optimizer.ZerosGradients = true;
        for (var step = 0; step < 3; step++)
            Step(step);
        var basis = optimizer.States.Select(state => state.Route.Plan.Matrices.Count > 0 ? state.Matrix(0) as KroneckerBasis : null).Last(basis => basis is { IsIdentity: false })!;
        basis.Tensors[0].Value.fill_(double.NaN);
        for (var step = 3; step < 6; step++)
            Step(step);
        Assert.Contains(("failures", 3L), basis.Counters);
        problem.SetGradients(6);
        var before = new Everything(optimizer, problem);
        Assert.Throws<PreconditionerException>(() => optimizer.step());
        Everything.AssertSame(before, new Everything(optimizer, problem), "the fourth failure");

        basis.Tensors[0].Value.fill_(1);
        Step(6);
        Assert.Contains(("failures", 0L), basis.Counters);

        void Step(int step)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    });

    [Theory]
    [InlineData(Way.Fused)]
    [InlineData(Way.Device)]
    public void A_first_basis_that_cannot_be_computed_leaves_the_others_unmade(Way way) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float32, 1, [6, 5], [3, 4]);
        using var optimizer = new Soap(problem.Parameters);
        foreach (var state in optimizer.States)
            ((KroneckerBasis)state.Matrix(0)).Eigensolver = symmetric => symmetric.shape[0] is 3 or 4 ? throw new InvalidOperationException("injected") : linalg.eigh(symmetric);
        problem.SetGradients(0);
        var before = new Everything(optimizer, problem);
        Assert.Throws<PreconditionerException>(() => optimizer.step());
        Everything.AssertSame(before, new Everything(optimizer, problem), "the first step");
    });

    /// <summary>What a preconditioner learns from may overflow though the gradient does not: a momentum has been written by then.</summary>
    [Theory]
    [InlineData(Way.Fused)]
    [InlineData(Way.TorchSharp)]
    [InlineData(Way.Device)]
    public void What_stages_make_of_a_gradient_may_be_refused_too(Way way) => On(way, () =>
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4], [6, 5]);
        using var optimizer = Make(nameof(PowerShampoo), problem, way);
        for (var step = 0; step < 3; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }

        using (no_grad())
        {
            problem.Parameters[1].fill_(1e20);
            problem.SetGradients(3);
            problem.Parameters[1].grad!.fill_(1e30);
        }

        var before = new Everything(optimizer, problem);
        Assert.Throws<PreconditionerException>(() => optimizer.step());
        Everything.AssertSame(before, new Everything(optimizer, problem), "a gradient that overflows in the new coordinates");
    });

    /// <summary>A step that fails for any other reason before it has begun, too: a gradient of another shape in the second group of a composite.</summary>
    [Theory]
    [InlineData("Shampoo")]
    [InlineData("Soap")]
    [InlineData("Muon")]
    public void A_gradient_of_another_shape_changes_nothing(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [6, 5], [4]);
        using var optimizer = Make(name, problem, Way.Fused);
        for (var step = 0; step < 3; step++)
        {
            problem.SetGradients(step);
            problem.Parameters[1].grad = ones(2);
            var before = new Everything(optimizer, problem);
            Assert.Throws<InvalidOperationException>(() => optimizer.step());
            Everything.AssertSame(before, new Everything(optimizer, problem), $"step {step}");
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    private static void Spoil(Parameter parameter, double value)
    {
        using var gradient = parameter.grad!;
        using var flat = gradient.view(-1);
        flat[^1] = tensor(value, gradient.dtype);
    }

    private static DeclaredOptimizer Make(string name, Problem problem, Way way)
    {
        var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        optimizer.Backend = way == Way.TorchSharp ? Backend.TorchSharp : Backend.Auto;
        return optimizer;
    }

    private static void On(Way way, Action action)
    {
        using var scope = NewDisposeScope();
        RouteOf.DeviceEverywhere = way == Way.Device;
        try
        {
            action();
        }
        finally
        {
            RouteOf.DeviceEverywhere = false;
        }
    }
}

/// <summary>A preconditioner that learns from a gradient in other coordinates.</summary>
[Optimizer]
[PowerLaw(2.0)]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 0.1, UpdateEvery = 2)]
public sealed partial class PowerShampoo;
