using TorchSharp;
using TorchSharp.Modules;

namespace OptBias.Testing;

/// <summary>Runs given gradients through an optimizer.</summary>
internal static class TrajectoryReplay
{
    /// <summary>Values below this size are compared absolutely: the 0.01 of <c>|a − b| / (|b| + 0.01)</c>.</summary>
    private const double AbsoluteBelow = 0.01;

    public static double Run(
        Trajectory trajectory, Func<IReadOnlyList<Parameter>, torch.optim.Optimizer> create, torch.ScalarType? dtype, torch.Device? device)
    {
        List<double[]> recorded = [.. trajectory.Parameters.Select(parameter => FloatingPoint.Values(parameter.After))];
        List<double[]?> evaluated = [.. trajectory.Parameters.Select(parameter => parameter.Evaluated is { } tensor ? FloatingPoint.Values(tensor) : null)];
        using var scope = torch.NewDisposeScope();
        List<Parameter> parameters = [.. trajectory.Parameters.Select(parameter => torch.nn.Parameter(Cast(parameter.Initial, dtype, device)))];
        List<torch.Tensor> gradients = [.. trajectory.Parameters.Select(parameter => Cast(parameter.Gradients, dtype, device))];
        using var optimizer = create(parameters);
        var largest = 0.0;
        foreach (var step in Steps(parameters, gradients, optimizer, trajectory.Steps))
        {
            Compare(recorded, step);
            if (evaluated.TrueForAll(static values => values is null))
                continue;
            if (optimizer is not DeclaredOptimizer declared)
                throw new ArgumentException($"The trajectory was recorded at a point of evaluation too, and {optimizer.GetType().Name} has none.", nameof(create));
            using (declared.AtEvaluationPoint())
                Compare(evaluated, step);
        }

        return largest;

        void Compare(IReadOnlyList<double[]?> expected, int step)
        {
            for (var i = 0; i < parameters.Count; i++)
            {
                if (expected[i] is not { } values)
                    continue;
                var replayed = FloatingPoint.Values(SafeTensor.Of($"param.{i}.after", parameters[i]));
                largest = Math.Max(largest, LargestError(replayed, values.AsSpan(step * replayed.Length, replayed.Length)));
            }
        }
    }

    /// <summary>Takes the steps one by one; after each the parameters are what they were after it.</summary>
    /// <param name="parameters">The parameters, changed in place.</param>
    /// <param name="gradients">For each parameter the gradients of all steps, [T, shape].</param>
    /// <param name="optimizer">The optimizer over the parameters.</param>
    /// <param name="steps">T.</param>
    public static IEnumerable<int> Steps(
        IReadOnlyList<Parameter> parameters, IReadOnlyList<torch.Tensor> gradients, torch.optim.Optimizer optimizer, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using (torch.NewDisposeScope())
            {
                // A copy, so that an optimizer that writes into its gradient cannot change a later step.
                for (var i = 0; i < parameters.Count; i++)
                    parameters[i].grad = gradients[i][step].clone();
                optimizer.step();
            }

            yield return step;
        }
    }

    /// <summary>The largest <c>|a − b| / (|b| + 0.01)</c>; NaN counts as infinity.</summary>
    internal static double LargestError(ReadOnlySpan<double> replayed, ReadOnlySpan<double> recorded)
    {
        var largest = 0.0;
        for (var i = 0; i < replayed.Length; i++)
        {
            var error = Math.Abs(replayed[i] - recorded[i]) / (Math.Abs(recorded[i]) + AbsoluteBelow);
            largest = Math.Max(largest, double.IsNaN(error) ? double.PositiveInfinity : error);
        }

        return largest;
    }

    private static torch.Tensor Cast(SafeTensor tensor, torch.ScalarType? dtype, torch.Device? device) =>
        tensor.ToTensor().to(dtype ?? tensor.Type.ToScalarType(), device ?? torch.CPU);
}
