using OptBias.Kernels;

namespace OptBias;

/// <summary>
/// What a family of optimizers of torch.optim keeps, and what PyTorch calls it. Which family a declaration belongs to follows from what
/// it keeps, not from what it is called; whether it does the same with it is for its author to know.
/// </summary>
internal sealed record TorchLayout
{
    /// <summary>Before the names of state and hyperparameters, those of PyTorch's classes.</summary>
    public required string Name { get; init; }

    /// <summary>State that is always there: our name, PyTorch's name.</summary>
    public required IReadOnlyList<(string Ours, string Theirs)> States { get; init; }

    /// <summary>State that an option adds.</summary>
    public IReadOnlyList<(string Ours, string Theirs)> MoreStates { get; init; } = [];

    /// <summary>Hyperparameters that are always there: our name, PyTorch's name, and the place within a tuple or −1.</summary>
    public required IReadOnlyList<(string Ours, string Theirs, int Place)> Hyperparameters { get; init; }

    /// <summary>Hyperparameters that PyTorch's optimizer has as well, and that may be missing here where they switch something off.</summary>
    public IReadOnlyList<(string Ours, string Theirs, int Place)> MoreHyperparameters { get; init; } = [];

    /// <summary>Whether PyTorch counts the steps of each parameter.</summary>
    public bool CountsSteps { get; init; } = true;

    /// <summary>All families that are known.</summary>
    public static IReadOnlyList<TorchLayout> All { get; } =
    [
        new()
        {
            Name = "Adam and AdamW",
            States = [("momentum", "exp_avg"), ("second_moment", "exp_avg_sq")],
            MoreStates = [("max_second_moment", "max_exp_avg_sq")],
            Hyperparameters = [("lr", "lr", -1), ("beta1", "betas", 0), ("beta2", "betas", 1), ("eps", "eps", -1)],
            MoreHyperparameters = [("weight_decay", "weight_decay", -1)],
        },
        new()
        {
            Name = "RMSprop",
            States = [("second_moment", "square_avg")],
            MoreStates = [("momentum_buffer", "momentum_buffer"), ("gradient_mean", "grad_avg")],
            Hyperparameters = [("lr", "lr", -1), ("beta2", "alpha", -1), ("eps", "eps", -1)],
            MoreHyperparameters = [("weight_decay", "weight_decay", -1), ("momentum", "momentum", -1)],
        },
        new()
        {
            Name = "Adagrad",
            States = [("second_moment", "sum")],
            Hyperparameters = [("lr", "lr", -1), ("eps", "eps", -1)],
            MoreHyperparameters = [("weight_decay", "weight_decay", -1)],
        },
        new()
        {
            Name = "SGD",
            States = [],
            MoreStates = [("momentum_buffer", "momentum_buffer")],
            Hyperparameters = [("lr", "lr", -1)],
            MoreHyperparameters = [("weight_decay", "weight_decay", -1), ("momentum", "momentum", -1), ("dampening", "dampening", -1)],
            CountsSteps = false,
        },
    ];

    /// <summary>The family that keeps what a declaration keeps; null if none does.</summary>
    public static TorchLayout? Of(UpdatePlan plan) => plan.Routes.Count > 0 || plan.Matrices.Count > 0
        ? null
        : All.FirstOrDefault(layout =>
            Fits(plan.States, layout.States.Select(static s => s.Ours), layout.MoreStates.Select(static s => s.Ours))
            && Fits(plan.Hyperparameters.Select(static h => h.Name), layout.Hyperparameters.Select(static h => h.Ours), layout.MoreHyperparameters.Select(static h => h.Ours)));

    /// <summary>PyTorch's name for state; null if it has none.</summary>
    public string? Theirs(string ours) => this.States.Concat(this.MoreStates).Where(s => s.Ours == ours).Select(static s => s.Theirs).FirstOrDefault();

    /// <summary>Our name for state; null if there is none.</summary>
    public string? Ours(string theirs) => this.States.Concat(this.MoreStates).Where(s => s.Theirs == theirs).Select(static s => s.Ours).FirstOrDefault();

    private static bool Fits(IEnumerable<string> names, IEnumerable<string> required, IEnumerable<string> optional)
    {
        var left = names.ToHashSet(StringComparer.Ordinal);
        if (!required.All(left.Remove))
            return false;
        left.ExceptWith(optional);
        return left.Count == 0;
    }
}
