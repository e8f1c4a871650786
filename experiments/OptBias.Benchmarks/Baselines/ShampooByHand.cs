using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Baselines;

/// <summary>
/// Shampoo with forgetting factors and Adam's step length for vectors and matrices, as one writes it with TorchSharp's operations:
/// in place where there is an operation in place, one parameter after the other.
/// </summary>
public sealed class ShampooByHand : IDisposable
{
    private const double Beta1 = 0.9;
    private const double FactorBeta = 0.99;
    private const double FactorEpsilon = 1e-10;
    private const double GraftBeta = 0.999;
    private const double GraftEpsilon = 1e-8;
    private const double WeightDecay = 0.01;
    private readonly Parameter[] parameters;
    private readonly State[] states;
    private readonly ScalarType rootType;
    private long step;

    /// <summary>Makes it.</summary>
    /// <param name="parameters">Vectors and matrices.</param>
    /// <param name="rootType">The type in which roots are computed: float64 is as accurate as the generated optimizer, float32 errs by 1e-2 and more where factors are badly conditioned.</param>
    public ShampooByHand(IReadOnlyList<Parameter> parameters, ScalarType rootType = ScalarType.Float64)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = [.. parameters];
        this.rootType = rootType;
        this.states = this.parameters.Select(p => new State(p)).ToArray();
    }

    /// <summary>Learning rate.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Steps from one refresh of the roots to the next.</summary>
    public int UpdateEvery { get; init; } = 10;

    /// <summary>One step.</summary>
    public void Step()
    {
        using var noGradient = no_grad();
        this.step++;
        for (var i = 0; i < this.parameters.Length; i++)
        {
            using var scope = NewDisposeScope();
            this.Step(this.parameters[i], this.states[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in this.states)
            state.Dispose();
    }

    private void Step(Parameter parameter, State state)
    {
        var gradient = parameter.grad!;
        state.Momentum.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        var momentum = state.Momentum / (1 - Math.Pow(Beta1, this.step));
        if (gradient.dim() == 1)
        {
            state.Factors[0].addr_(gradient, gradient, (float)FactorBeta, (float)(1 - FactorBeta));
        }
        else
        {
            state.Factors[0].addmm_(gradient, gradient.t(), (float)FactorBeta, (float)(1 - FactorBeta));
            state.Factors[1].addmm_(gradient.t(), gradient, (float)FactorBeta, (float)(1 - FactorBeta));
        }

        if ((this.step - 1) % this.UpdateEvery == 0)
        {
            for (var k = 0; k < state.Factors.Length; k++)
                state.Roots[k].copy_(this.Root(state.Factors[k], 0.5 / state.Factors.Length));
        }

        var update = gradient.dim() == 1 ? state.Roots[0].mv(momentum) : state.Roots[0].mm(momentum).mm(state.Roots[1]);
        state.SecondMoment.mul_(GraftBeta).addcmul_(gradient, gradient, 1 - GraftBeta);
        var adam = momentum / (state.SecondMoment / (1 - Math.Pow(GraftBeta, this.step))).sqrt_().add_(GraftEpsilon);
        update.mul_(adam.norm() / (update.norm() + 1e-30));
        parameter.mul_(1 - (this.Rate * WeightDecay)).add_(update, alpha: -this.Rate);
    }

    private Tensor Root(Tensor factor, double exponent)
    {
        var (values, vectors) = linalg.eigh(factor.to(this.rootType) / (1 - Math.Pow(FactorBeta, this.step)));
        values.add_(FactorEpsilon - values[0].clamp_max(0));
        return (vectors * values.pow_(-exponent)).mm(vectors.t());
    }

    private sealed class State : IDisposable
    {
        public State(Parameter parameter)
        {
            this.Momentum = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
            this.SecondMoment = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
            this.Factors = parameter.shape.Select(n => zeros(n, n).DetachFromDisposeScope()).ToArray();
            this.Roots = parameter.shape.Select(n => eye(n).DetachFromDisposeScope()).ToArray();
        }

        public Tensor Momentum { get; }

        public Tensor SecondMoment { get; }

        public Tensor[] Factors { get; }

        public Tensor[] Roots { get; }

        public void Dispose()
        {
            foreach (var tensor in this.Factors.Concat(this.Roots).Append(this.Momentum).Append(this.SecondMoment))
                tensor.Dispose();
        }
    }
}
