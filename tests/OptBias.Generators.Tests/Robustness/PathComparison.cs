using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>
/// One problem taken by two paths: a vector, a wide matrix, and a third tensor by turns, in float64 for a few steps. Whole
/// vectors, a rest that is shorter, and rows of both lengths occur.
/// </summary>
internal sealed class PathComparison
{
    /// <summary>Differences below it are rounding.</summary>
    private const double Rounding = 1e-9;

    /// <summary>How many times as much as a change of the input's last bits the paths may differ.</summary>
    private const double Slack = 100;

    private const int Steps = 3;

    private static readonly long[][] ThirdShapes = [[9, 2], [8], [2, 2, 2], [1, 4], [], [4, 3]];

    private readonly OptimizerDescriptor descriptor;
    private readonly int seed;
    private readonly long[][] shapes;

    public PathComparison(OptimizerDescriptor descriptor, int seed)
    {
        this.descriptor = descriptor;
        this.seed = seed;
        this.shapes = [[17], [3, 9], ThirdShapes[seed % ThirdShapes.Length]];
        var (fused, failure) = this.Run(Backend.Fused, noise: null);
        (var oracle, this.Failure) = this.Run(Backend.TorchSharp, noise: null);
        Assert.Equal(this.Failure, failure);
        this.Difference = MethodOracle.Distance(fused, oracle);
        this.IsFinite = this.Failure is null && oracle.All(double.IsFinite);
        this.Bound = Rounding;
        if (this.Difference <= Rounding)
            return;
        this.IsSensitive = true;
        for (var k = 1; k <= 4; k++)
            this.Bound = Math.Max(this.Bound, Slack * MethodOracle.Distance(this.Run(Backend.TorchSharp, new Random(k)).Values, oracle));
    }

    /// <summary>The largest difference of the paths, <c>|a − b| / (|b| + 0.01)</c>.</summary>
    public double Difference { get; }

    /// <summary>
    /// The largest difference that is allowed: rounding; or, where the declaration magnifies that, what it makes of a change in
    /// the last bits of parameters and gradients.
    /// </summary>
    public double Bound { get; }

    /// <summary>Whether rounding alone does not explain the difference.</summary>
    public bool IsSensitive { get; }

    /// <summary>What both paths refused to go on with, in the same words: gradients without an end have no roots. Null where neither did.</summary>
    public string? Failure { get; }

    /// <summary>Whether all numbers are finite, so that there was something to compare.</summary>
    public bool IsFinite { get; }

    /// <summary>The numbers with other last bits.</summary>
    public static double[] Noisy(double[] numbers, Random noise) => Array.ConvertAll(numbers, number => Noisy(number, noise));

    /// <summary>The number with other last bits.</summary>
    public static double Noisy(double number, Random noise) => number * (1 + ((noise.Next(5) - 2) * Math.Pow(2, -52)));

    /// <summary>The parameters' elements after the last step, or before the one that failed, and where they are evaluated then.</summary>
    private (double[] Values, string? Failure) Run(Backend backend, Random? noise)
    {
        List<Parameter> parameters = [.. this.shapes.Select((shape, k) => new Parameter(this.Numbers(k, shape, noise)))];
        using var optimizer = this.descriptor.Create(parameters, new Dictionary<string, double>());
        optimizer.Backend = backend;
        string? failure = null;
        for (var step = 1; step <= Steps && failure is null; step++)
        {
            for (var k = 0; k < parameters.Count; k++)
            {
                using var gradient = this.Numbers((step * 10) + k, this.shapes[k], noise);
                parameters[k].grad = gradient;
            }

            try
            {
                optimizer.step();
            }
            catch (LinearAlgebra.PreconditionerException exception)
            {
                failure = exception.Message;
            }
        }

        var values = parameters.SelectMany(parameter => parameter.data<double>().ToArray()).ToList();
        using (optimizer.AtEvaluationPoint())
            values.AddRange(parameters.SelectMany(parameter => parameter.data<double>().ToArray()));
        parameters.ForEach(parameter => parameter.Dispose());
        return ([.. values], failure);
    }

    private torch.Tensor Numbers(int place, long[] shape, Random? noise)
    {
        var numbers = Samples.Normal((this.seed * 100) + place, (int)shape.Aggregate(1L, (product, side) => product * side));
        return torch.tensor(noise is null ? numbers : Noisy(numbers, noise), shape);
    }
}
