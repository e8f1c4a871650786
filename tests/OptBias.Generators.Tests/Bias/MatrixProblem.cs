using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>Two square matrices with a start, and gradients of several sizes for some steps; and the same after a change.</summary>
internal sealed class MatrixProblem
{
    /// <summary>How many matrices there are: what reaches over all parameters must see more than one.</summary>
    public const int Count = 2;

    private const int Steps = 8;

    private readonly int side;
    private readonly double[] start;
    private readonly double[][] gradients;

    /// <summary>
    /// Sizes of start and gradients that take turns with the seed: what is clipped must be seen both clipped and not, and what
    /// depends on where the parameter is must be seen near zero and far from it.
    /// </summary>
    private static readonly (double Start, double Gradient)[] Sizes = [(1, 1), (1e-2, 1), (1, 1e-2), (30, 30)];

    private MatrixProblem(int side, double[] start, double[][] gradients) => (this.side, this.start, this.gradients) = (side, start, gradients);

    /// <summary>Small beside the parameters, so that the second step sees them where they were.</summary>
    public double LearningRate => 1e-3;

    private int Elements => this.side * this.side;

    public static MatrixProblem Make(int seed, int side)
    {
        var elements = side * side * Count;
        var sizes = Samples.Normal((seed * 31) + 5, Steps);
        var (far, steep) = Sizes[seed % Sizes.Length];
        return new(
            side,
            [.. Samples.Normal(seed * 1000, elements).Select(x => far * (x + Math.CopySign(0.2, x)))],
            [.. Samples.Gradients((seed * 1000) + 1, elements, Steps).Select((g, t) => Array.ConvertAll(g, x => steep * x * Math.Exp(2 * sizes[t])))]);
    }

    public MatrixProblem Scaled(double c) => this.With(static x => x, g => Array.ConvertAll(g, x => x * c));

    /// <summary>One factor for each element, the same in all steps.</summary>
    public MatrixProblem WithUnits(int seed)
    {
        var units = Samples.Normal(seed + 77, this.start.Length).Select(static x => Math.Pow(2, Math.Round(3 * x))).ToArray();
        return this.With(static x => x, g => [.. g.Zip(units, static (x, d) => x * d)]);
    }

    public MatrixProblem Moved(int seed, out double[] by)
    {
        var far = Samples.Normal(seed + 99, this.start.Length).Select(static x => Math.Round(64 * x) / 16).ToArray();
        by = far;
        return this.With(x => [.. x.Zip(far, static (a, b) => a + b)], static g => g);
    }

    public MatrixProblem Mapped(MatrixMap map) => this.With(map.Apply, map.Apply);

    /// <summary>Other last bits.</summary>
    public MatrixProblem Noisy(int seed, double size)
    {
        var random = new Random(seed);
        double[] Noise(double[] x) => Array.ConvertAll(x, v => v * (1 + (size * ((2 * random.NextDouble()) - 1))));
        return this.With(Noise, Noise);
    }

    /// <summary>A fifth of the elements starts next to zero; no row, no column and no block of them, which a matrix stage might leave alone.</summary>
    public MatrixProblem WithTinyElements(out bool[] tiny)
    {
        var which = Enumerable.Range(0, this.start.Length).Select(static i => i % 5 == 0).ToArray();
        tiny = which;
        return this.With(x => [.. x.Zip(which, static (v, isTiny) => isTiny ? Math.CopySign(1e-60, v) : v)], static g => g);
    }

    /// <summary>Where the parameters are, at the start and after each step.</summary>
    public List<double[]> Run(OptimizerDescriptor descriptor, IReadOnlyDictionary<string, double> values, Backend backend)
    {
        using var scope = NewDisposeScope();
        List<Parameter> parameters = [.. Enumerable.Range(0, Count).Select(p => new Parameter(this.Matrix(this.start, p)))];
        using var optimizer = descriptor.Create(parameters, values);
        optimizer.Backend = backend;
        var path = new List<double[]> { this.start };
        foreach (var gradient in this.gradients)
        {
            for (var p = 0; p < Count; p++)
                parameters[p].grad = this.Matrix(gradient, p);
            optimizer.step();
            path.Add([.. parameters.SelectMany(parameter => parameter.data<double>().ToArray())]);
        }

        parameters.ForEach(static parameter => parameter.Dispose());
        return path;
    }

    private Tensor Matrix(double[] numbers, int parameter) =>
        tensor(numbers.AsSpan(parameter * this.Elements, this.Elements).ToArray(), [this.side, this.side]);

    private MatrixProblem With(Func<double[], double[]> start, Func<double[], double[]> gradient) =>
        new(this.side, start(this.start), [.. this.gradients.Select(gradient)]);
}
