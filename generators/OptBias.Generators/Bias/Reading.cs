using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>
/// Reads one property off a program: the behaviour of every value under one change of the gradients. State begins as zero, which
/// behaves in every way, and takes on the behaviour of what is stored, until nothing changes any more.
/// </summary>
internal abstract class Reading
{
    /// <summary>More rounds than a behaviour can take: each state changes a few times at most.</summary>
    private const int MostRounds = 64;

    private readonly Behaviour[] states;
    private readonly List<Behaviour> values;

    protected Reading(Readings readings)
    {
        this.Readings = readings;
        this.states = Enumerable.Repeat(Behaviour.Zero, this.Program.States.Count).ToArray();
        this.values = new List<Behaviour>(this.Program.Nodes.Count);
    }

    /// <summary>The other readings of the same program.</summary>
    protected Readings Readings { get; }

    protected LimitProgram Program => this.Readings.Program;

    protected BehaviourTable Table => this.Readings.Table;

    /// <summary>The behaviour of a value.</summary>
    public Behaviour Of(Expression e)
    {
        var place = this.Program.Place(e);
        for (var k = this.values.Count; k <= place; k++)
            this.values.Add(this.Value(this.Program.Nodes[k]));
        return this.values[place];
    }

    /// <summary>Finds the behaviour of all state. To be called once, before anything is asked.</summary>
    protected void Solve()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            this.values.Clear();
            for (var k = 0; k < this.Program.Nodes.Count; k++)
                this.values.Add(this.Value(this.Program.Nodes[k]));
            if (!this.TakeOver(round == MostRounds - 1))
                return;
        }
    }

    /// <summary>The behaviour of a value, those of its operands known.</summary>
    protected abstract Behaviour Of(LimitProgram.Node node);

    /// <summary>What a tensor of state behaves like that was the one, and becomes the other.</summary>
    protected abstract Behaviour Join(Behaviour before, Behaviour after, Expression stored);

    protected Behaviour Operand(LimitProgram.Node node, int index) => this.values[node.Operands[index]];

    /// <summary>What a symmetric clamp keeps between its limits.</summary>
    protected Behaviour Clamped(LimitProgram.Node node) => this.values[node.Clamped];

    /// <summary>What the gradient has lost that a stage learns from; null where it has lost nothing, or nothing is learned.</summary>
    protected Behaviour? LostInLearning(LimitProgram.Node node) => node.Learned >= 0 && this.values[node.Learned] is { IsLost: true } lost ? lost : null;

    protected Behaviour State(LimitProgram.Node node) => this.states[node.State];

    /// <summary>The first operand for which the property is lost, if there is one.</summary>
    protected Behaviour? Lost(LimitProgram.Node node)
    {
        Behaviour? unknown = null;
        foreach (var place in node.Operands)
        {
            if (this.values[place].Kind == BehaviourKind.None)
                return this.values[place];
            if (this.values[place].Kind == BehaviourKind.Unknown)
                unknown ??= this.values[place];
        }

        return unknown;
    }

    protected bool AllAre(LimitProgram.Node node, BehaviourKind kind) => node.Operands.All(place => this.values[place].Kind == kind || this.values[place].IsZero);

    /// <summary>Whether what an operand has lost may come back, since what it was lost with is forgotten.</summary>
    /// <param name="node">What may forget.</param>
    /// <param name="lost">What its operand has lost.</param>
    protected virtual bool MayForget(LimitProgram.Node node, Behaviour lost) => node.ForgetsLength || node.IsSquareOfSign;

    /// <summary>What a user's method makes of what it keeps.</summary>
    protected static Behaviour Carried(LimitProgram.Node node) => Behaviour.Unknown(node.Expression, "what a method hands from step to step is not known");

    /// <summary>
    /// What a user's method makes of numbers is a number, also where it hands some of its own from step to step; what it makes of a sum that
    /// changes with the gradients, nobody can tell.
    /// </summary>
    private Behaviour Look(LimitProgram.Node node)
    {
        if (node.Expression.Operation != Operation.PerStep || node.Operands.All(place => this.values[place] is { IsZero: true } or { Kind: BehaviourKind.Same } or { Kind: BehaviourKind.Number, Number: 0 }))
            return this.Of(node);
        return node.Expression.IsCarrying() ? Carried(node)
            : this.Lost(node) ?? Behaviour.Unknown(node.Expression, "what the method makes of a sum is not known");
    }

    private Behaviour Value(LimitProgram.Node node)
    {
        var value = this.Look(node);
        if (value.Kind != BehaviourKind.None || node.Operands.Length == 0)
            return value;
        var lost = this.Operand(node, node.Expression.Operation == Operation.Multiply ? 1 : 0);
        return lost.Kind == BehaviourKind.None && this.MayForget(node, lost)
            ? Behaviour.Unknown(node.Expression, "the size is forgotten, and with it perhaps what was lost")
            : value;
    }

    private bool TakeOver(bool isLast)
    {
        var changed = false;
        foreach (var (target, value) in this.Program.Stores)
        {
            if (target.Role != TensorRole.State)
                continue;
            for (var k = 0; k < this.states.Length; k++)
            {
                if (this.Program.States[k] != target)
                    continue;
                var stored = this.Program.Nodes[value].Expression;
                var joined = isLast ? Behaviour.Unknown(stored, "no end is found to what the state becomes") : this.Join(this.states[k], this.values[value], stored);
                changed |= joined != this.states[k];
                this.states[k] = joined;
            }
        }

        return changed;
    }
}
