namespace OptBias.Generators.Programs;

/// <summary>What a tensor becomes in a step.</summary>
internal sealed record Store(TensorSlot Target, Expression Value);

/// <summary>
/// What one step does, as values: every tensor's new value as an expression of the old ones. It says nothing of passes;
/// <see cref="PassScheduler"/> finds the fewest.
/// </summary>
internal sealed class UpdateProgram
{
    public UpdateProgram(
        IReadOnlyList<ProgramHyperparameter> hyperparameters,
        IReadOnlyList<TensorSlot> states,
        IReadOnlyList<Store> stores,
        IReadOnlyList<MatrixStage> matrices)
    {
        this.Hyperparameters = hyperparameters;
        this.States = states;
        this.Stores = stores;
        this.Matrices = matrices;
        this.Schedule = PassScheduler.Schedule(this);
        this.Sums = this.Schedule.Sums.Select(s => s.Result).ToList();
    }

    /// <summary>In the order of the constructor's parameters: <c>lr</c> first, then as the stages stand.</summary>
    public IReadOnlyList<ProgramHyperparameter> Hyperparameters { get; }

    public IReadOnlyList<TensorSlot> States { get; }

    /// <summary>State first, the parameter last.</summary>
    public IReadOnlyList<Store> Stores { get; }

    public IReadOnlyList<MatrixStage> Matrices { get; }

    /// <summary>The passes, and what lies between them.</summary>
    public Schedule Schedule { get; }

    /// <summary>The sums that passes gather for later ones.</summary>
    public IList<Expression> Sums { get; }
}
