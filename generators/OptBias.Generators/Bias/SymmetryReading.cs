using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>The indices that a map acts on.</summary>
internal enum Axis
{
    Elements,
    Rows,
    Columns,
}

/// <summary>
/// Whether values are mapped as the gradient is (<see cref="BehaviourKind.Odd"/>) or stay as they are, when start and gradients are
/// mapped by changes of sign, permutations or rotations of elements, rows or columns.
/// </summary>
/// <remarks>
/// Functions of single elements see nothing of a permutation, and of a change of sign only whether they are odd or even. Under a
/// rotation the types are vector, square and scalar: the sum of the product of two vectors is a scalar, and a function of single
/// elements has no type. In coordinates that turn with the gradient (an eigenbasis) a rotation becomes a change of sign at most.
/// </remarks>
internal sealed partial class SymmetryReading : Reading
{
    private readonly Axis axis;
    private readonly Maps maps;

    /// <param name="readings">The readings of the program.</param>
    /// <param name="axis">What the maps act on.</param>
    /// <param name="maps"><see cref="Maps.Signs"/>, <see cref="Maps.Permutations"/> or <see cref="Maps.Rotations"/>.</param>
    public SymmetryReading(Readings readings, Axis axis, Maps maps)
        : base(readings)
    {
        this.axis = axis;
        this.maps = maps;
        this.Solve();
    }

    /// <summary>A number that is the same for all elements moves with them as well as not: under a permutation what moves takes it in.</summary>
    protected override Behaviour Join(Behaviour before, Behaviour after, Expression stored) =>
        this.maps == Maps.Permutations && (before.Kind, after.Kind) is (BehaviourKind.Same, BehaviourKind.Odd) or (BehaviourKind.Odd, BehaviourKind.Same)
            ? Behaviour.Odd
            : Joined(before, after, stored);

    protected override Behaviour Of(LimitProgram.Node node)
    {
        var row = this.Table[node.Expression.Operation];
        var rule = this.maps switch
        {
            Maps.Signs => row.Parity,
            Maps.Permutations => row.Permutation,
            _ => row.Rotation,
        };
        if (rule == Rule.Number)
            return node.Expression.Operation == Operation.Constant && node.Expression.Value == 0 ? Behaviour.Zero : Behaviour.Same;
        if (rule == Rule.Unknown)
            return Carried(node);
        if (rule == Rule.Load)
            return this.Load(node);
        if (rule == Rule.Matrix)
            return this.Matrix(node);
        if (rule is Rule.Product or Rule.Quotient && (this.Operand(node, 0).IsZero || this.Operand(node, 1).IsZero))
            return Behaviour.Zero;
        if (node.Clamped >= 0 && row.Parity is Rule.Extremum or Rule.Clamp && this.HasFixedLimits(node)
            && (this.maps == Maps.Signs || this.Clamped(node).Kind is BehaviourKind.FrameOdd or BehaviourKind.FrameSame))
            return this.Clamped(node);
        if (node.Clamped >= 0 && this.maps == Maps.Rotations && row.Parity is Rule.Extremum or Rule.Clamp && this.Clamped(node).Kind == BehaviourKind.Odd && !this.Grows(node))
            return Behaviour.Unknown(node.Expression, "what does not grow with the gradient may never reach the limits");
        if (node.Expression.Operation is not (Operation.Sign or Operation.Select) && this.Lost(node) is { } lost)
            return lost;
        if (this.HasFrame(node))
            return this.InFrame(node, row.Parity);
        return this.maps switch
        {
            Maps.Signs => this.Parity(node, rule, Behaviour.Same, Behaviour.Odd),
            Maps.Permutations => this.Permuted(node, rule),
            _ => this.Rotated(node, rule),
        };
    }

    /// <summary>A length has lost no map that its vector has kept.</summary>
    protected override bool MayForget(LimitProgram.Node node, Behaviour lost) => node.IsSquareOfSign;

    private static Behaviour Joined(Behaviour a, Behaviour b, Expression at) =>
        a.IsZero ? b : b.IsZero || a.IsLost ? a : b.IsLost ? b : a == b ? a
        : Behaviour.None(at, a.Kind == BehaviourKind.Square || b.Kind == BehaviourKind.Square ? "what turns and what does not are added up" : "what changes its sign and what does not are added up");

    /// <summary>Whether a value turns with the gradient, so that hardly ever two of its sizes are the same.</summary>
    private bool IsSpread(Expression e)
    {
        foreach (var turned in new[] { Axis.Elements, Axis.Rows, Axis.Columns })
        {
            if (this.Readings.Symmetry(turned, Maps.Rotations).Of(e).Kind == BehaviourKind.Odd)
                return true;
        }

        return false;
    }

    /// <summary>Whether what is clamped exceeds any limit when the gradient is large.</summary>
    private bool Grows(LimitProgram.Node node) =>
        this.Readings.Degree.Of(this.Program.Nodes[node.Clamped].Expression) is { Kind: BehaviourKind.Number, Number: > 0 };

    private static Behaviour Turned => new(BehaviourKind.FrameOdd);

    private Behaviour Load(LimitProgram.Node node)
    {
        if (node.State < 0)
            return Behaviour.Odd;

        // Coordinates that turn may change the sign of an axis whenever they are refreshed; a square does not see it.
        return this.State(node) is { Kind: BehaviourKind.FrameOdd }
            ? Behaviour.Unknown(node.Expression, "a direction is kept in coordinates that turn")
            : this.State(node);
    }

    /// <summary>A sum along one axis turns with the other; along its own it forgets the order, and the square of a length does not turn.</summary>
    private Behaviour Summed(Expression e, Axis summed, Behaviour input) => this.maps switch
    {
        _ when this.axis == Axis.Elements => Behaviour.None(e, e.Matrix.Behaviour.Why),
        _ when this.axis != summed => input,
        Maps.Permutations => Behaviour.Same,
        Maps.Rotations when input.Kind == BehaviourKind.Square => Behaviour.Same,
        _ => Behaviour.None(e, e.Matrix.Behaviour.Why),
    };

    private bool HasFrame(LimitProgram.Node node)
    {
        for (var k = 0; k < node.Operands.Length; k++)
        {
            if (this.Operand(node, k).Kind is BehaviourKind.FrameOdd or BehaviourKind.FrameSame)
                return true;
        }

        return false;
    }

    /// <summary>In coordinates that turn with the gradient only changes of sign are left to see.</summary>
    private Behaviour InFrame(LimitProgram.Node node, Rule rule)
    {
        var result = this.Parity(node, rule, new Behaviour(BehaviourKind.FrameSame), Turned);
        return node.Expression.Operation == Operation.Sum && result.Kind == BehaviourKind.FrameSame ? Behaviour.Same : result;
    }

    private Behaviour Matrix(LimitProgram.Node node)
    {
        var (e, behaviour) = (node.Expression, node.Expression.Matrix.Behaviour);
        var (input, other) = (this.Operand(node, 0), this.Operand(node, 1));
        if (input.IsZero)
            return input;
        if (input.IsLost)
            return behaviour.ForgetsLength ? Behaviour.Unknown(e, "the stage may forget what was lost") : input;
        if (!behaviour.ReadsOther)
            other = input;
        if (other.IsLost)
            return other;
        if (this.LostInLearning(node) is { } lost)
            return lost;
        var known = this.axis == Axis.Elements ? behaviour.Elements : this.axis == Axis.Rows ? behaviour.Rows : behaviour.Columns;
        var commutes = (known & this.maps) == this.maps;
        if (behaviour.Frame == Frame.Left)
            return input.Kind == BehaviourKind.FrameOdd ? Behaviour.Odd : Behaviour.None(e, "what does not change its sign with the axes of the basis is turned back out of it");
        if (input.Kind is BehaviourKind.FrameOdd or BehaviourKind.FrameSame || other.Kind is BehaviourKind.FrameOdd or BehaviourKind.FrameSame)
        {
            if (e.Matrix.Slot is not null)
                return Behaviour.Unknown(e, "a stage keeps what it knows in coordinates that turn");
            var flips = (behaviour.Rows & behaviour.Columns & Maps.Signs) != 0;
            return input.Kind == BehaviourKind.FrameSame || flips ? input : Behaviour.None(e, behaviour.Why);
        }

        if (input.Kind == BehaviourKind.Same && (other.Kind == BehaviourKind.Same || other.IsZero))
            return input;
        if (behaviour.Sums is { } summed)
            return this.Summed(e, summed, input);
        if (!commutes)
        {
            return e.Operands[0].Operation == Operation.Sign
                ? Behaviour.Unknown(e, "signs have one size, and what is done to sizes may do the same to all")
                : Behaviour.None(e, behaviour.Why);
        }

        if (behaviour.PicksOne && this.maps != Maps.Rotations && !this.IsSpread(e.Operands[0]))
            return Behaviour.Unknown(e, "where several are the largest, the first of them is picked");
        if (input.Kind != BehaviourKind.Odd || (other.Kind != BehaviourKind.Odd && !other.IsZero && !behaviour.IsEven))
            return Behaviour.None(e, "gradient and update are not mapped alike");
        if (behaviour.Frame == Frame.Entered)
            return Turned;
        return behaviour.IsEven && this.maps == Maps.Signs ? Behaviour.Same : Behaviour.Odd;
    }
}
