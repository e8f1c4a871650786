using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;

namespace OptBias.Testing;

public sealed partial class Trajectory
{
    /// <summary>The shapes that are recorded if none are given: a matrix, a vector, a convolution kernel, a wider matrix.</summary>
    private static readonly long[][] DefaultShapes = [[5, 3], [7], [4, 3, 2, 2], [16, 8]];

    /// <summary>Records an optimizer on normally distributed parameters and gradients, in float64.</summary>
    /// <param name="optimizer">The class name to write.</param>
    /// <param name="hyperparameters">The hyperparameters to write: those that <paramref name="create"/> uses.</param>
    /// <param name="create">Makes the optimizer over the parameters it is given.</param>
    /// <param name="steps">The number of steps, at least 1.</param>
    /// <param name="shapes">The parameters' shapes; a matrix, a vector, a convolution kernel and a wider matrix if null.</param>
    /// <param name="seed">Seed of the values.</param>
    /// <param name="source">What made the recording, in words.</param>
    public static Trajectory Record(
        string optimizer,
        IReadOnlyDictionary<string, double> hyperparameters,
        Func<IReadOnlyList<Parameter>, torch.optim.Optimizer> create,
        int steps = 60,
        IReadOnlyList<long[]>? shapes = null,
        int seed = 0,
        string source = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using var scope = torch.NewDisposeScope();
        var random = new Random(seed);
        List<torch.Tensor> initial = [.. (shapes ?? DefaultShapes).Select(Normal)];
        List<torch.Tensor> gradients = [.. (shapes ?? DefaultShapes).Select(shape => Normal([steps, .. shape]))];
        return Record(optimizer, hyperparameters, create, initial, gradients, source);

        torch.Tensor Normal(long[] shape)
        {
            var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
            for (var i = 0; i < values.Length; i++)
                values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return SafeTensor.Of("", shape, values).ToTensor();
        }
    }

    /// <summary>Records an optimizer on given parameters and gradients, in their dtype and on their device.</summary>
    /// <param name="optimizer">The class name to write.</param>
    /// <param name="hyperparameters">The hyperparameters to write: those that <paramref name="create"/> uses.</param>
    /// <param name="create">Makes the optimizer over the parameters it is given.</param>
    /// <param name="initial">The parameters before the first step; they are copied.</param>
    /// <param name="gradients">For each parameter the gradients of all steps, [T, shape].</param>
    /// <param name="source">What made the recording, in words.</param>
    /// <exception cref="ArgumentException">Parameters and gradients do not fit.</exception>
    public static Trajectory Record(
        string optimizer,
        IReadOnlyDictionary<string, double> hyperparameters,
        Func<IReadOnlyList<Parameter>, torch.optim.Optimizer> create,
        IReadOnlyList<torch.Tensor> initial,
        IReadOnlyList<torch.Tensor> gradients,
        string source = "")
    {
        Check(initial, gradients);
        var steps = (int)gradients[0].shape[0];
        List<List<byte>> after = [.. initial.Select(_ => new List<byte>())];
        using var scope = torch.NewDisposeScope();
        List<Parameter> parameters = [.. initial.Select(tensor => torch.nn.Parameter(tensor.detach().clone()))];
        using (var running = create(parameters))
        {
            foreach (var step in TrajectoryReplay.Steps(parameters, gradients, running, steps))
            {
                for (var i = 0; i < parameters.Count; i++)
                    after[i].AddRange(SafeTensor.Of(Name(i, "after"), parameters[i]).Bytes);
            }
        }

        return new Trajectory(optimizer, hyperparameters, source, steps, [.. initial.Select((tensor, i) => new TrajectoryParameter(
            SafeTensor.Of(Name(i, "init"), tensor),
            SafeTensor.Of(Name(i, "grad"), gradients[i]),
            new SafeTensor(Name(i, "after"), gradients[i].dtype.ToSafeTensorType(), gradients[i].shape, [.. after[i]])))]);

        static string Name(int i, string part) => string.Create(CultureInfo.InvariantCulture, $"param.{i}.{part}");
    }

    private static void Check(IReadOnlyList<torch.Tensor> initial, IReadOnlyList<torch.Tensor> gradients)
    {
        if (initial.Count == 0 || initial.Count != gradients.Count)
            throw new ArgumentException($"There are {initial.Count} parameters and {gradients.Count} gradients; there must be one for each, and at least one.", nameof(gradients));
        for (var i = 0; i < initial.Count; i++)
        {
            if (initial[i].numel() == 0)
                throw new ArgumentException($"Parameter {i} of shape [{string.Join(", ", initial[i].shape)}] has no elements; there is nothing to record of it.", nameof(initial));
            if (gradients[i].dim() == 0 || gradients[i].shape[0] < 1 || gradients[i].shape[0] != gradients[0].shape[0]
                || !gradients[i].shape.Skip(1).SequenceEqual(initial[i].shape) || gradients[i].dtype != initial[i].dtype)
            {
                throw new ArgumentException(
                    $"Parameter {i} is {initial[i].dtype} of shape [{string.Join(", ", initial[i].shape)}], its gradients {gradients[i].dtype} of shape [{string.Join(", ", gradients[i].shape)}]; expected are the same dtype and [T, shape] with the same T ≥ 1 for all.",
                    nameof(gradients));
            }
        }
    }
}
