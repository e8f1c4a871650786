using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Limits as oracles: where a composition degenerates to another, or to a formula written by hand, it must be that.</summary>
public sealed class LimitTests
{
    [Fact]
    public void Shampoo_that_never_starts_is_the_grafted_method() =>
        AssertSame(p => new NeverShampoo(p, lr: 0.01), p => new PlainAdam(p, lr: 0.01), 1e-13);

    [Fact]
    public void Powerpropagation_with_exponent_one_is_the_identity() =>
        AssertSame(p => new PowerPropAdam(p, lr: 0.01, alpha: 1), p => new Adam(p, lr: 0.01), 1e-13);

    [Fact]
    public void The_linearised_preconditioner_is_the_limit_of_small_steps()
    {
        // Schwarz et al. 2021: the two differ in second order of the step.
        var far = Distance(p => new PowerPropSgd(p, lr: 1e-3), p => new PowerPropPreconditionedSgd(p, lr: 1e-3), steps: 1);
        var near = Distance(p => new PowerPropSgd(p, lr: 1e-4), p => new PowerPropPreconditionedSgd(p, lr: 1e-4), steps: 1);
        Assert.InRange(far / near, 50, 200);
    }

    [Fact]
    public void Powerpropagation_leaves_an_exact_zero_where_it_is()
    {
        using var parameter = new TorchSharp.Modules.Parameter(tensor(new[] { 0.0, 0.5, -0.5 }));
        using var optimizer = new PowerPropSgd([parameter], lr: 0.1);
        parameter.grad = tensor(new[] { 1.0, 1.0, 1.0 });
        optimizer.step();

        // φ' = φ − η α |φ|^(α−1) g, θ' = φ'|φ'|; by hand for θ = ±1/2.
        static double Exact(double theta)
        {
            var phi = Math.Sign(theta) * Math.Sqrt(Math.Abs(theta));
            phi -= 0.1 * 2 * Math.Abs(phi);
            return phi * Math.Abs(phi);
        }

        var expected = new[] { 0.0, Exact(0.5), Exact(-0.5) };
        Assert.All(expected.Zip(parameter.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 14));
    }

    [Fact]
    public void Decoupled_and_after_step_decay_differ_in_the_order_of_the_two()
    {
        // θ − η(u + λθ) against (1 − ηλ)(θ − ηu): with η = λ = 0.1, θ = 1, g = 1 that is 0.89 against 0.891.
        using var parameter = new TorchSharp.Modules.Parameter(torch.ones(1, dtype: ScalarType.Float64));
        using var optimizer = new AfterStep([parameter], lr: 0.1, weight_decay: 0.1);
        parameter.grad = torch.ones(1, dtype: ScalarType.Float64);
        optimizer.step();
        Assert.Equal(0.891, parameter.item<double>(), 14);
    }

    [Fact]
    public void Clipping_by_the_global_norm_is_that_of_all_parameters()
    {
        using var one = new TorchSharp.Modules.Parameter(torch.zeros(1, dtype: ScalarType.Float64));
        using var two = new TorchSharp.Modules.Parameter(torch.zeros(1, dtype: ScalarType.Float64));
        using var optimizer = new Clipped([new Clipped.ParamGroup([one]), new Clipped.ParamGroup([two])], lr: 1, clip_norm: 1);
        one.grad = torch.full(1, 3.0, dtype: ScalarType.Float64);
        two.grad = torch.full(1, 4.0, dtype: ScalarType.Float64);
        optimizer.step();
        Assert.Equal(-3 / (5 + 1e-6), one.item<double>(), 14);
        Assert.Equal(-4 / (5 + 1e-6), two.item<double>(), 14);
    }

    [Fact]
    public void A_gradient_clipped_first_is_what_later_statistics_see()
    {
        // Adam is invariant to a constant scale of its gradient, so clipping in front of it changes the first step only through ε.
        AssertSame(p => new ClippedAdam(p, lr: 0.01, eps: 0, clip_norm: 1e-3), p => new Adam(p, lr: 0.01, eps: 0), 1e-9, steps: 1);
    }

    [Fact]
    public void Dampening_spares_the_first_step()
    {
        using var parameter = new TorchSharp.Modules.Parameter(torch.zeros(1, dtype: ScalarType.Float64));
        using var optimizer = new ValueClipped([parameter], lr: 1, clip_value: 10);
        parameter.grad = torch.ones(1, dtype: ScalarType.Float64);
        optimizer.step();
        Assert.Equal(-1, parameter.item<double>(), 14);
        optimizer.step();
        Assert.Equal(-1 - (0.9 + 0.5), parameter.item<double>(), 14);
    }

    [Fact]
    public void A_decay_in_power_law_coordinates_acts_on_phi()
    {
        // On φ: φ' = (1 − ηλ) φ without a gradient, so θ' = (1 − ηλ)² θ at α = 2.
        using var parameter = new TorchSharp.Modules.Parameter(torch.full(1, 0.25, dtype: ScalarType.Float64));
        using var optimizer = new DecayedPower([parameter], lr: 0.1, weight_decay: 0.5);
        parameter.grad = torch.zeros(1, dtype: ScalarType.Float64);
        optimizer.step();
        Assert.Equal(0.25 * 0.95 * 0.95, parameter.item<double>(), 14);
    }

    [Fact]
    public void A_stage_written_as_a_method_is_the_stage() =>
        AssertSame(p => new DividedByMethod(p, lr: 0.01), p => new DividedByStage(p, lr: 0.01), 1e-13);

    [Fact]
    public void In_a_basis_that_turns_too() =>
        AssertSame(p => new RotatedMethod(p, lr: 0.01), p => new RotatedStage(p, lr: 0.01), 1e-11);

    [Fact]
    public void A_methods_parameter_is_that_of_the_coordinates_in_which_it_stands() =>
        AssertSame(p => new PowerMethod(p, lr: 0.01), p => new DecayedPower(p, lr: 0.01), 1e-13);

    [Fact]
    public void Two_methods_of_one_class_have_states_and_hyperparameters_of_their_own()
    {
        Assert.Equal(["lr", "beta1", "eta", "t", "second_eta", "second_t", "clip_norm"], TwoMethods.Descriptor.Hyperparameters.Select(h => h.Name));
        Assert.Equal(["momentum", "m", "smooth_momentum", "second_m", "second_momentum"], TwoMethods.Descriptor.Plan.States);
        using var problem = new Problem(ScalarType.Float64, 1, [1]);
        using var optimizer = new TwoMethods(problem.Parameters, lr: 0.1, second_eta: 0.25, clip_norm: 1e6);
        var (theta, average, first, second) = (problem.Parameters[0].item<double>(), 0.0, 0.0, 0.0);
        var (firstMomentum, secondMomentum) = (0.0, 0.0);
        for (var step = 1; step <= 5; step++)
        {
            problem.SetGradients(step);
            var g = problem.Parameters[0].grad!.item<double>();
            optimizer.step();
            var pace = 0.1 * 0.9 / step;
            average = (0.9 * average) + (0.1 * g);
            var u = average / (1 - Math.Pow(0.9, step));
            first += 0.5 * (u - first);
            u = first + ((firstMomentum = pace * (first + firstMomentum)) / 2);
            second += 0.25 * (u - second);
            u = second + ((secondMomentum = pace * (second + secondMomentum)) / 2);
            theta -= 0.1 * u;
        }

        Assert.Equal(theta, problem.Parameters[0].item<double>(), 13);
    }

    private static void AssertSame(Func<List<TorchSharp.Modules.Parameter>, DeclaredOptimizer> a, Func<List<TorchSharp.Modules.Parameter>, DeclaredOptimizer> b, double tolerance, int steps = 30) =>
        Assert.InRange(Distance(a, b, steps), 0, tolerance);

    private static double Distance(Func<List<TorchSharp.Modules.Parameter>, DeclaredOptimizer> a, Func<List<TorchSharp.Modules.Parameter>, DeclaredOptimizer> b, int steps)
    {
        using var one = new Problem(ScalarType.Float64, 9, [7], [5, 4]);
        using var other = new Problem(ScalarType.Float64, 9, [7], [5, 4]);
        using var first = a(one.Parameters);
        using var second = b(other.Parameters);
        for (var step = 0; step < steps; step++)
        {
            one.SetGradients(step);
            other.SetGradients(step);
            first.step();
            second.step();
        }

        return one.DistanceTo(other);
    }
}
