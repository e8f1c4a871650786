using OptBias.LinearAlgebra;
using OptBias.Optimizers;
using OptBias.Runtime.Tests.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>A step that fails leaves parameters and state as they were, and training goes on as if it had not been tried.</summary>
public sealed class FailedStepTests
{
    /// <summary>The matrix family, and declarations in which the preconditioner learns from a changed gradient.</summary>
    public static TheoryData<string> Names => ["Shampoo", "ShampooSum", "KlShampoo", "Soap", "ClippedShampoo"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_that_is_not_finite_is_refused_before_anything_has_changed(string name)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float32, 1, [4], [6, 5], [3, 4]);
        using var undisturbed = new Problem(ScalarType.Float32, 1, [4], [6, 5], [3, 4]);
        using var optimizer = Create(name, problem);
        using var reference = Create(name, undisturbed);
        for (var step = 0; step < 12; step++)
        {
            if (step is 5 or 10)
            {
                problem.SetGradients(step);
                problem.Parameters[1].grad![3, 2] = step == 5 ? double.NaN : double.PositiveInfinity;
                var error = Assert.Throws<PreconditionerException>(() => optimizer.step());
                Assert.Contains("Parameter 1 of group 0", error.Message, StringComparison.Ordinal);
                Assert.Equal(0, problem.DistanceTo(undisturbed));
            }

            problem.SetGradients(step);
            undisturbed.SetGradients(step);
            optimizer.step();
            reference.step();
        }

        Assert.Equal(0, problem.DistanceTo(undisturbed));
        Assert.All(optimizer.States.Zip(reference.States), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));
    }

    [Fact]
    public void Roots_that_fail_too_often_stop_the_step_before_anything_has_changed()
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float32, 1, [4], [6, 5]);
        using var optimizer = new Shampoo([("failing.bias", problem.Parameters[0]), ("failing.weight", problem.Parameters[1])], update_every: 1);
        Step(0);
        var matrix = (KroneckerPreconditioner)optimizer.States.Last().Matrix(0);
        using var warnings = new Warnings("failing.weight");
        matrix.Eigensolver = _ => throw new InvalidOperationException("injected");
        for (var step = 1; step <= 3; step++)
            Step(step);
        Assert.Single(warnings.Messages);
        var before = Everything();
        Assert.Throws<PreconditionerException>(() => Step(4));
        Assert.All(Everything().Zip(before), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.All(optimizer.States, state => Assert.Equal(4, state.Step));
        matrix.Eigensolver = InverseRoot.LinalgEigh;
        Step(4);
        Assert.All(optimizer.States, state => Assert.Equal(5, state.Step));

        void Step(int step)
        {
            problem.SetGradients(step);
            optimizer.step();
        }

        Tensor[] Everything() => [.. problem.Parameters.Select(p => p.detach().clone()), .. optimizer.States.SelectMany(state => state.Tensors).Select(tensor => tensor.Value.clone())];
    }

    [Theory]
    [InlineData("Shampoo")]
    [InlineData("KlShampoo")]
    [InlineData("Soap")]
    [InlineData("Muon")]
    public void A_row_of_fifty_thousand_a_dimension_of_one_and_a_zero_gradient_are_stepped(string name)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float32, 1, [1, 50_000], [7, 1], [1], [1, 3, 1, 2], [5, 4]);
        if (name == "KlShampoo" || name == "Shampoo")
        {
            // A vector of 50,000 has 49 factors of 1024 x 1024, 600 MB of state: too much for a test. A shorter one is cut as well.
            problem.Parameters[0] = new TorchSharp.Modules.Parameter(randn([1, 3_000]));
        }

        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        for (var step = 0; step < 3; step++)
        {
            problem.SetGradients(step);
            problem.Parameters[^1].grad = zeros(5, 4);
            optimizer.step();
        }

        Assert.All(problem.Parameters, parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    private static DeclaredOptimizer Create(string name, Problem problem) => Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
}
