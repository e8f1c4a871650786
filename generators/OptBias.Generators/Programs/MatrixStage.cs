using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// One step of a stage that works on whole matrices (factor update, root, product, rotation) through the runtime's linear
/// algebra. What it does with its operands is text that each notation prints as it stands.
/// </summary>
internal sealed record MatrixStage
{
    /// <summary>Name of its result among the workspaces: <c>kronecker_result</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it keeps for each parameter; null if it keeps nothing.</summary>
    public MatrixSlot? Slot { get; init; }

    /// <summary>Whether the result is linear in the signal.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Whether the result takes the place of the signal: it must then be the result of a matrix stage that nothing else reads.</summary>
    public bool InPlace { get; init; }

    /// <summary>Whether its result holds one value per element, row or column.</summary>
    public TensorExtent Extent { get; init; }

    /// <summary>C# that carries it out; <c>state</c>, <c>input</c>, <c>other</c>, <c>output</c>, <c>t</c>, <c>work</c> and the hyperparameters of the slot are in reach.</summary>
    public required string Apply { get; init; }

    /// <summary>C# that lets it learn from the other operand before it acts; <c>state</c>, <c>gradient</c>, <c>t</c>, <c>work</c> and the hyperparameters are in reach. Null if it does not learn, or only in <see cref="Apply"/>.</summary>
    public string? Statistics { get; init; }

    /// <summary>Whether turning its operands turns its result, though it is not linear: as orthogonalization does.</summary>
    public bool TurnsWithCoordinates { get; init; }

    /// <summary>What it does to degrees and symmetries.</summary>
    public required MatrixBehaviour Behaviour { get; init; }

    /// <summary>The result; <c>{0}</c> stands for the formula of the signal, <c>{1}</c> for that of the other operand.</summary>
    public required Formula Result { get; init; }

    /// <summary>Of the name alone, which hardly another has.</summary>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(this.Name);
}

/// <summary>What matrix stages keep for one parameter.</summary>
internal sealed record MatrixSlot
{
    /// <summary>Place among the program's slots.</summary>
    public required int Index { get; init; }

    /// <summary>Name in state dicts: <c>kronecker</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Equations of what it keeps, one a line: they define all that the results of its stages name.</summary>
    public EquatableArray<Formula> Equations { get; init; }

    /// <summary>Numbers of state for each row of the parameter.</summary>
    public int StateRows { get; init; }

    /// <summary>Numbers of state for each column of the parameter.</summary>
    public int StateColumns { get; init; }

    /// <summary>C# that makes the state; <c>parameter</c> is the parameter, <c>name</c> what to call it in messages.</summary>
    public required string Create { get; init; }

    /// <summary>The hyperparameters that its texts name.</summary>
    public required EquatableArray<string> Hyperparameters { get; init; }

    /// <summary>C# that says, before anything else, whether the parameter takes this step; <c>state</c> and <c>gradient</c> are in reach.</summary>
    public string? Gate { get; init; }

    /// <summary>C# that ends the step; <c>state</c>, <c>gradient</c>, <c>followers</c> and <c>t</c> are in reach.</summary>
    public string? Finish { get; init; }
}

/// <summary>A formula in the two notations that people read.</summary>
internal sealed record Formula(string Unicode, string Latex);
