using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>A program where some hyperparameters are zero, as a list of values of which each uses earlier ones: what readings walk.</summary>
internal sealed class LimitProgram
{
    private readonly Dictionary<Expression, int> places = new();
    private readonly List<Node> nodes = new();

    /// <summary>The gradients that matrix stages learn from at the end of a step, by the name of what they keep.</summary>
    private readonly Dictionary<string, Expression> learned = new(StringComparer.Ordinal);

    private LimitProgram(UpdateProgram program, Func<ProgramHyperparameter, bool> isZero)
    {
        this.Zeroed = new HashSet<string>(program.Hyperparameters.Where(isZero).Select(h => h.Name), StringComparer.Ordinal);
        var limit = new Limit(isZero);
        this.States = program.States;
        foreach (var slot in program.MatrixSlots)
        {
            if (slot.Gradient is { } gradient)
                this.learned[slot.Slot.Name] = limit.Apply(gradient);
        }

        this.Update = limit.Apply(program.Update);
        this.Place(this.Update);
        this.Position = limit.Apply(program.Position);
        this.Stores = program.Stores.Select(store => (store.Target, Value: this.Place(limit.Apply(store.Value)))).ToList();
        var stages = this.nodes.Where(node => node.Expression.Operation == Operation.Matrix).Select(node => node.Expression.Matrix.Behaviour).ToList();
        this.HasMatrices = stages.Count > 0;
        this.LargestSide = stages.Where(stage => stage.LargestSide is not null).Select(stage => stage.LargestSide).Min();
    }

    /// <summary>The values, operands before what uses them.</summary>
    public IReadOnlyList<Node> Nodes => this.nodes;

    /// <summary>u.</summary>
    public Expression Update { get; }

    /// <summary>What u is subtracted from.</summary>
    public Expression Position { get; }

    /// <summary>What each tensor becomes, by the place of the value; the parameter last.</summary>
    public IReadOnlyList<(TensorSlot Target, int Value)> Stores { get; }

    public IReadOnlyList<TensorSlot> States { get; }

    /// <summary>The names of the hyperparameters that are zero.</summary>
    public ISet<string> Zeroed { get; }

    /// <summary>Whether a stage works on matrices, for which rows and columns are more than elements.</summary>
    public bool HasMatrices { get; }

    /// <summary>Largest side of a matrix that no stage cuts.</summary>
    public int? LargestSide { get; }

    public static LimitProgram Of(UpdateProgram program, Func<ProgramHyperparameter, bool> isZero) => new(program, isZero);

    /// <summary>The place of a value, which is added if it is new.</summary>
    public int Place(Expression e)
    {
        if (this.places.TryGetValue(e, out var known))
            return known;
        var operands = new int[e.Operands.Length];
        for (var k = 0; k < operands.Length; k++)
            operands[k] = this.Place(e.Operands[k]);
        var clamped = e.SymmetricallyClamped() is { } value ? this.Place(value) : -1;
        var taught = e.Operation == Operation.Matrix && e.Matrix.Slot is { } slot && this.learned.TryGetValue(slot.Name, out var gradient) ? this.Place(gradient) : -1;
        this.nodes.Add(new Node(e, operands, clamped, taught, e.Operation == Operation.Load && e.Tensor.Role == TensorRole.State ? this.StateOf(e.Tensor) : -1));
        this.places.Add(e, this.nodes.Count - 1);
        return this.nodes.Count - 1;
    }

    private int StateOf(TensorSlot tensor)
    {
        for (var k = 0; k < this.States.Count; k++)
        {
            if (this.States[k] == tensor)
                return k;
        }

        return -1;
    }

    /// <summary>A value of the list.</summary>
    /// <param name="Expression">The value.</param>
    /// <param name="Operands">The places of its operands.</param>
    /// <param name="Clamped">The place of what it keeps between −c and c; −1 where it does not.</param>
    /// <param name="Learned">The place of the gradient that its stage learns from at the end of a step; −1 where there is none.</param>
    /// <param name="State">The number of the state that it loads; −1 where it loads none.</param>
    internal sealed record Node(Expression Expression, int[] Operands, int Clamped, int Learned, int State)
    {
        /// <summary>Whether a factor may be lost in it that all elements have in common: the length is set to another one.</summary>
        public bool ForgetsLength { get; } =
            (Expression.Operation == Operation.Matrix && Expression.Matrix.Behaviour.ForgetsLength)
            || (Expression.Operation == Operation.Multiply && SetsLength(Expression.Operands[0], Expression.Operands[1]));

        /// <summary>Whether it is the square of a sign, which is one.</summary>
        public bool IsSquareOfSign { get; } =
            Expression.Operation == Operation.Multiply && Expression.Operands[0] == Expression.Operands[1] && Expression.Operands[0].Operation == Operation.Sign;

        /// <summary>Whether a scale divides by the length of a value, or of what linear stages turn into the value.</summary>
        private static bool SetsLength(Expression scale, Expression x) => scale.Operation switch
        {
            Operation.Multiply => SetsLength(scale.Operands[0], x) || SetsLength(scale.Operands[1], x),
            Operation.Divide => StepSize.IsNormOf(scale.Operands[1], x),
            _ => false,
        };
    }
}
