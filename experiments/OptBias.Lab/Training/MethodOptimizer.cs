using OptBias.Kernels;
using OptBias.Lab.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>The optimizers that a method puts to work on a network, each on the parameters of its roles.</summary>
public sealed class MethodOptimizer : IDisposable
{
    private readonly Method method;
    private readonly Parameter[] weights;
    private readonly List<DeclaredOptimizer> optimizers = [];

    /// <summary>Makes the optimizers and, where the method says so, reshapes the initial weights.</summary>
    /// <param name="method">The method.</param>
    /// <param name="learningRate">Learning rate of the weights; biases and head have theirs as a multiple of it.</param>
    /// <param name="network">The network; it owns its parameters.</param>
    /// <param name="source">Where optimizers come from.</param>
    /// <exception cref="ArgumentException">Unknown optimizer or hyperparameter, or a value out of range.</exception>
    public MethodOptimizer(Method method, double learningRate, Network network, IOptimizerSource source)
    {
        this.method = method;
        var parameters = network.Parameters();
        this.weights = [.. parameters.Where(p => p.Role != ParameterRole.Bias).Select(p => p.Parameter)];
        ReshapeWeights(network, method.InitialPower);
        var assignments = parameters.GroupBy(p => p.Role switch
        {
            ParameterRole.Bias when method.BiasOptimizer is { } bias => (bias, method.BiasHyperparameters, learningRate * method.BiasRateFactor),
            ParameterRole.Head when method.HeadOptimizer is { } head => (head, method.HeadHyperparameters, learningRate * method.HeadRateFactor),
            _ => (method.Optimizer, method.Hyperparameters, learningRate),
        });
        foreach (var assignment in assignments)
        {
            var (name, hyperparameters, rate) = assignment.Key;
            var all = new Dictionary<string, double>(hyperparameters) { ["lr"] = rate };
            this.optimizers.Add(source.Find(name).Create([.. assignment.Select(p => p.Parameter)], all));
        }
    }

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        foreach (var optimizer in this.optimizers)
            optimizer.zero_grad();
    }

    /// <summary>Takes a step along the gradients that the parameters hold.</summary>
    public void Step()
    {
        if (this.method.L1 != 0 || this.method.MatchedStepPower != 1)
            this.AdjustGradients();
        foreach (var optimizer in this.optimizers)
            optimizer.step();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var optimizer in this.optimizers)
            optimizer.Dispose();
    }

    private void AdjustGradients()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var power = this.method.MatchedStepPower;
        foreach (var weight in this.weights)
        {
            if (weight.grad is not { } gradient)
                continue;
            if (this.method.L1 != 0)
                gradient.Plus_(weight.sign(), this.method.L1);
            if (power != 1)
                gradient.mul_(weight.abs().ToPower(2 - (2 / power)).mean().Times(power * power));
            gradient.Dispose();
        }
    }

    /// <summary>Reshapes the initial weights of a network to sign(w)|w|^p, each tensor scaled back to its norm; 1 changes nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="power">The power p.</param>
    public static void ReshapeWeights(Network network, double power)
    {
        if (power == 1)
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var weight in network.Parameters().Where(p => p.Role != ParameterRole.Bias).Select(p => p.Parameter))
        {
            var shaped = weight.sign() * weight.abs().ToPower(power);
            weight.copy_(shaped * (weight.norm() / shaped.norm()));
        }
    }
}
