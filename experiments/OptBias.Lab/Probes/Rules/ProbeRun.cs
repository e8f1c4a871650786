using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Probes.Rules;

/// <summary>A rule at work on float64 parameters whose numbers a probe reads and writes in place.</summary>
internal sealed class ProbeRun : IDisposable
{
    private readonly DeclaredOptimizer optimizer;
    private readonly optim.ILearningRateController rate;
    private readonly Parameter[] parameters;
    private readonly Tensor[] gradients;

    /// <summary>Makes the parameters, zero at first, and the optimizer.</summary>
    /// <exception cref="ArgumentException">The rule has none for a parameter of such a shape.</exception>
    public ProbeRun(ProbeRule rule, params long[][] shapes)
    {
        this.parameters = [.. shapes.Select(shape => new Parameter(zeros(shape, ScalarType.Float64)))];
        this.gradients = [.. shapes.Select(shape => zeros(shape, ScalarType.Float64))];
        foreach (var (parameter, gradient) in this.parameters.Zip(this.gradients))
            parameter.grad = gradient;
        try
        {
            this.optimizer = rule.Optimizer.Create(this.parameters, rule.Hyperparameters);
        }
        catch
        {
            this.DisposeTensors();
            throw;
        }

        this.rate = this.optimizer.ParamGroups.First();
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>What is kept for each parameter.</summary>
    public IEnumerable<ParameterState> States => this.optimizer.States;

    /// <summary>The numbers of a parameter, row by row.</summary>
    public Span<double> Values(int parameter = 0) => Numbers(this.parameters[parameter]);

    /// <summary>The numbers of a parameter's gradient.</summary>
    public Span<double> Gradient(int parameter = 0) => Numbers(this.gradients[parameter]);

    /// <summary>Takes a step along the gradients.</summary>
    /// <exception cref="DivergedException">A parameter is not finite, or the optimizer fails.</exception>
    public void Step(double learningRate)
    {
        this.Steps++;
        if (!double.IsFinite(learningRate))
            throw new DivergedException($"step {this.Steps}: the loss is not finite");
        this.rate.LearningRate = learningRate;
        try
        {
            this.optimizer.step();
        }
        catch (NonFiniteGradientException)
        {
            throw new DivergedException($"step {this.Steps}: a gradient is not finite");
        }
        catch (Exception e) when (e is ArithmeticException or LinearAlgebra.PreconditionerException or ExternalException)
        {
            throw new DivergedException($"step {this.Steps}: the optimizer failed ({e.Message.Split('\n')[0]})");
        }

        for (var i = 0; i < this.parameters.Length; i++)
        {
            // A NaN stays and an infinity becomes one soon: one element says as much as all.
            if (!double.IsFinite(this.Values(i)[0]))
                throw new DivergedException($"step {this.Steps}: a parameter is not finite");
        }
    }

    public void Dispose()
    {
        this.optimizer.Dispose();
        this.DisposeTensors();
    }

    private static Span<double> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.bytes);

    private void DisposeTensors()
    {
        foreach (var tensor in (IEnumerable<Tensor>)[.. this.parameters, .. this.gradients])
            tensor.Dispose();
    }
}

/// <summary>A rule left the finite numbers, or did not come to the end. For a probe that is a result.</summary>
/// <param name="where">When and how.</param>
internal sealed class DivergedException(string where) : Exception(where);
