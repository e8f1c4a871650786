using OptBias.Kernels;
using TorchSharp;

namespace OptBias;

/// <summary>What an optimizer, a group or a parameter keeps, as it is now.</summary>
internal static class SavedState
{
    public static SavedGroup Of(DeclaredOptions options)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < options.Hyperparameters.Count; i++)
            values.Add(options.Hyperparameters[i].Name, options[i]!.Value);
        return new SavedGroup(values, options.InitialLearningRate, options.maximize ?? false);
    }

    public static SavedParameter Of(ParameterState state, int? group) => new()
    {
        Name = state.GivenName,
        Group = group,
        Shape = state.Parameter.shape,
        Type = state.Parameter.dtype,
        Rule = state.Route.Plan.Name,
        Step = state.Step,
        Tensors = state.Tensors.ToDictionary(static tensor => tensor.Name, static SavedTensor (tensor) => new LiveTensor(tensor.Value), StringComparer.Ordinal),
        Counters = state.Counters.ToDictionary(static counter => counter.Name, static counter => counter.Value, StringComparer.Ordinal),
        Coordinates = CoordinatesOf(state.Route.Plan),
    };

    /// <summary>For state that lives in the coordinates of a matrix stage, that stage's name.</summary>
    public static Dictionary<string, string> CoordinatesOf(UpdatePlan plan)
    {
        var coordinates = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var finish in plan.Steps.OfType<FinishPlanStep>())
        {
            foreach (var follower in finish.Followers)
                coordinates[plan.States[follower - UpdatePlan.FirstState]] = plan.Matrices[finish.Matrix].Name;
        }

        return coordinates;
    }

    /// <summary>The state dict of another optimizer. Which state belongs to which group it does not say.</summary>
    /// <exception cref="ArgumentException">It is that of an optimizer of another kind.</exception>
    public static SavedOptimizer Of(torch.optim.Optimizer.StateDictionary dictionary, string name)
    {
        var options = dictionary.Options.Select(o => o as DeclaredOptions ?? throw new ArgumentException($"{name}: options of {o?.GetType().FullName ?? "nothing"} are not those of a declared optimizer.", nameof(dictionary))).ToList();
        var states = dictionary.State.Select(s => s as ParameterState ?? throw new ArgumentException($"{name}: state of {s?.GetType().FullName ?? "nothing"} is not that of a declared optimizer.", nameof(dictionary))).ToList();
        return new SavedOptimizer(
            options.FirstOrDefault()?.OptimizerName,
            options.FirstOrDefault()?.Fingerprint,
            [.. options.Select(Of)],
            [.. states.Select(static state => Of(state, group: null))]);
    }
}
