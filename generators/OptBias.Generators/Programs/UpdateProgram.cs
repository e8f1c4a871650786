namespace OptBias.Generators.Programs;

/// <summary>What a tensor becomes in a step.</summary>
internal sealed record Store(TensorSlot Target, Expression Value);

/// <summary>What matrix stages keep for a parameter, the gradient that they are fed at the end of a step, and the statistics that follow them.</summary>
/// <param name="Slot">The state.</param>
/// <param name="Gradient">The gradient in the coordinates outside; null if the slot does nothing at the end of a step.</param>
/// <param name="Followers">Tensors of state in the slot's coordinates, which move when those do.</param>
internal sealed record ProgramMatrixSlot(MatrixSlot Slot, Expression? Gradient, IReadOnlyList<TensorSlot> Followers);

/// <summary>
/// What one step does, as values: every tensor's new value as an expression of the old ones. It says nothing of passes;
/// <see cref="PassScheduler"/> finds the fewest.
/// </summary>
internal sealed class UpdateProgram
{
    private readonly Lazy<Schedule> schedule;
    private IList<Expression>? sums;

    public UpdateProgram(
        IReadOnlyList<ProgramHyperparameter> hyperparameters,
        IReadOnlyList<TensorSlot> states,
        IReadOnlyList<Store> stores,
        IReadOnlyList<ProgramMatrixSlot> matrixSlots,
        Expression update,
        Expression position)
    {
        this.Hyperparameters = hyperparameters;
        this.States = states;
        this.Stores = stores;
        this.MatrixSlots = matrixSlots;
        this.Update = update;
        this.Position = position;
        this.schedule = new Lazy<Schedule>(() => PassScheduler.Schedule(this));
    }

    /// <summary>In the order of the constructor's parameters: <c>lr</c> first, then as the stages stand.</summary>
    public IReadOnlyList<ProgramHyperparameter> Hyperparameters { get; }

    public IReadOnlyList<TensorSlot> States { get; }

    /// <summary>State first, the parameter last.</summary>
    public IReadOnlyList<Store> Stores { get; }

    /// <summary>What matrix stages keep, each with what follows it.</summary>
    public IReadOnlyList<ProgramMatrixSlot> MatrixSlots { get; }

    /// <summary>The slot of the numbers that a step hands to the next; null if there are none.</summary>
    public MatrixSlot? Carried { get; init; }

    /// <summary>How many there are.</summary>
    public int CarriedCount { get; init; }

    /// <summary>
    /// What the parameter is while one evaluates, made of the parameter and of state as the last step left them; null where one
    /// evaluates at the parameter itself.
    /// </summary>
    public Expression? EvaluationPoint { get; init; }

    /// <summary>u, what the learning rate multiplies, in the coordinates in which the step is taken.</summary>
    public Expression Update { get; }

    /// <summary>What u is subtracted from: the parameter in those coordinates.</summary>
    public Expression Position { get; }

    /// <summary>The passes, and what lies between them; found when they are first asked for.</summary>
    public Schedule Schedule => this.schedule.Value;

    /// <summary>The pass that puts parameters to <see cref="EvaluationPoint"/>; null where there is none.</summary>
    public ElementwisePass? EvaluationPass => this.EvaluationPoint is { } point
        ? new ElementwisePass(0, [new Store(TensorSlot.Parameter, new StrengthReduction().Apply(point))], [])
        : null;

    /// <summary>The sums that passes gather for later ones.</summary>
    public IList<Expression> Sums => this.sums ??= this.Schedule.Sums.Select(s => s.Result).ToList();
}
