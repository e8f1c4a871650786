using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>
/// The rules with per-element methods, against TorchSharp's own optimizers where it has them, and else against the papers'
/// algorithms written by hand in float64.
/// </summary>
public sealed class PublishedRuleTests
{
    private const int Steps = 60;

    /// <summary>One step of a rule by hand: step t from 1, gradient, parameter; three numbers of state. Returns the new parameter.</summary>
    private delegate double Rule(long t, double g, double theta, double[] state);

    public static TheoryData<Backend> Backends => [Backend.Fused, Backend.TorchSharp];

    [Theory]
    [MemberData(nameof(Backends))]
    public void NAdam_is_that_of_torch(Backend backend) => AssertSame(
        backend, p => new NAdam(p, lr: 0.01, weight_decay: 0.02), p => optim.NAdam(p, lr: 0.01, weight_decay: 0.02));

    [Theory]
    [MemberData(nameof(Backends))]
    public void Adadelta_is_that_of_torch(Backend backend) => AssertSame(
        backend, p => new Adadelta(p, weight_decay: 0.02), p => optim.Adadelta(p, weight_decay: 0.02));

    /// <summary>TorchSharp multiplies the rectified step by the learning rate twice, so the two are the same at 1 only.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void RAdam_is_that_of_torch(Backend backend) => AssertSame(
        backend, p => new RAdam(p, lr: 1, beta2: 0.99, weight_decay: 0.02), p => optim.RAdam(p, lr: 1, beta2: 0.99, weight_decay: 0.02));

    [Theory]
    [MemberData(nameof(Backends))]
    public void RAdam_is_the_papers_algorithm(Backend backend) => AssertByHand(backend, p => new RAdam(p, lr: 0.05, beta2: 0.99), (t, g, theta, s) =>
    {
        var (m, v) = (s[0] = (0.9 * s[0]) + (0.1 * g), s[1] = (0.99 * s[1]) + (0.01 * g * g));
        var rhoInfinity = (2 / (1 - 0.99)) - 1;
        var rho = rhoInfinity - (2 * t * Math.Pow(0.99, t) / (1 - Math.Pow(0.99, t)));
        var mHat = m / (1 - Math.Pow(0.9, t));
        if (rho <= 5)
            return theta - (0.05 * mHat);
        var r = Math.Sqrt((rho - 4) * (rho - 2) * rhoInfinity / ((rhoInfinity - 4) * (rhoInfinity - 2) * rho));
        return theta - (0.05 * r * mHat * Math.Sqrt(1 - Math.Pow(0.99, t)) / (Math.Sqrt(v) + 1e-8));
    });

    [Fact]
    public void The_product_of_NAdams_momenta_ends_where_it_no_longer_shows()
    {
        // 400 steps at β₁ = 0.99: longer than the loop goes on.
        AssertSame(Backend.Fused, p => new NAdam(p, lr: 0.01, beta1: 0.99), p => optim.NAdam(p, lr: 0.01, beta1: 0.99), steps: 400);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Cautious_AdamW_is_the_papers_algorithm(Backend backend) => AssertByHand(backend, p => new CautiousAdamW(p, lr: 0.01, weight_decay: 0.1), (t, g, theta, s) =>
    {
        var u = Adam(t, g, s);
        return theta - (0.01 * ((u * g > 0 ? u : 0) + (0.1 * theta)));
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void AdEMAMix_is_the_papers_algorithm(Backend backend)
    {
        const double warmup = 40;
        AssertByHand(backend, p => new AdEmaMix(p, lr: 0.01, beta3: 0.99, alpha: 3, warmup: warmup, weight_decay: 0.1), (t, g, theta, s) =>
        {
            // The paper's schedules, equations of section 3 and appendix A.1.
            var alpha = Math.Min(3 * t / warmup, 3);
            var (first, last, w) = (Math.Log(0.9), Math.Log(0.99), t / warmup);
            var beta3 = Math.Min(Math.Exp(first * last / (((1 - w) * last) + (w * first))), 0.99);
            if (t >= warmup)
                beta3 = 0.99;
            s[0] = (0.9 * s[0]) + (0.1 * g);
            s[1] = (0.999 * s[1]) + (0.001 * g * g);
            s[2] = (beta3 * s[2]) + ((1 - beta3) * g);
            var denominator = Math.Sqrt(s[1] / (1 - Math.Pow(0.999, t))) + 1e-8;
            return theta - (0.01 * ((((s[0] / (1 - Math.Pow(0.9, t))) + (alpha * s[2])) / denominator) + (0.1 * theta)));
        });
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void ADOPT_is_the_papers_algorithm(Backend backend) => AssertByHand(backend, p => new Adopt(p, lr: 0.01, beta2: 0.99), (t, g, theta, s) =>
    {
        if (t == 1)
        {
            s[1] = g * g;
            return theta;
        }

        var c = Math.Pow(t - 1, 0.25);
        s[0] = (0.9 * s[0]) + (0.1 * Math.Max(-c, Math.Min(c, g / Math.Max(Math.Sqrt(s[1]), 1e-6))));
        s[1] = (0.99 * s[1]) + (0.01 * g * g);
        return theta - (0.01 * s[0]);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void UPGD_protects_by_the_sigmoid_of_the_averaged_utility(Backend backend) => AssertByHand(
        backend, p => new Upgd(p, lr: 0.05, utility_beta: 0.9, utility_scale: 0.2, weight_decay: 0.1), (t, g, theta, s) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * -g * theta);
            var utility = s[0] / (1 - Math.Pow(0.9, t)) / 0.2;
            return theta - (0.05 * ((g * (1 - (1 / (1 + Math.Exp(-utility))))) + (0.1 * theta)));
        });

    private static double Adam(long t, double g, double[] s)
    {
        s[0] = (0.9 * s[0]) + (0.1 * g);
        s[1] = (0.999 * s[1]) + (0.001 * g * g);
        return s[0] / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(s[1] / (1 - Math.Pow(0.999, t))) + 1e-8);
    }

    private static void AssertSame(Backend backend, Func<List<Parameter>, DeclaredOptimizer> declared, Func<List<Parameter>, optim.Optimizer> own, int steps = Steps)
    {
        using var one = new Problem(ScalarType.Float64, 11, [7], [5, 4], [33]);
        using var other = new Problem(ScalarType.Float64, 11, [7], [5, 4], [33]);
        using var first = declared(one.Parameters);
        using var second = own(other.Parameters);
        first.Backend = backend;
        for (var step = 0; step < steps; step++)
        {
            one.SetGradients(step);
            other.SetGradients(step);
            first.step();
            second.step();
        }

        Assert.InRange(one.DistanceTo(other), 0, 1e-10);
    }

    private static void AssertByHand(Backend backend, Func<List<Parameter>, DeclaredOptimizer> declared, Rule rule)
    {
        using var problem = new Problem(ScalarType.Float64, 12, [45]);
        using var optimizer = declared(problem.Parameters);
        optimizer.Backend = backend;
        var expected = problem.Parameters[0].detach().data<double>().ToArray();
        var state = expected.Select(_ => new double[3]).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            problem.SetGradients(step);
            var gradient = problem.Parameters[0].grad!.data<double>().ToArray();
            optimizer.step();
            for (var i = 0; i < expected.Length; i++)
                expected[i] = rule(step + 1, gradient[i], expected[i], state[i]);
        }

        var actual = problem.Parameters[0].detach().data<double>().ToArray();
        Assert.InRange(expected.Zip(actual, (b, a) => Math.Abs(a - b) / (Math.Abs(b) + 0.01)).Max(), 0, 1e-10);
    }
}
