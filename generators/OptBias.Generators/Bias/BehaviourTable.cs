using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>What one operation does, a column for each property.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Degree">To degrees, of the whole gradient and of single elements.</param>
/// <param name="Parity">To odd and even values, under changes of sign.</param>
/// <param name="Rotation">To vectors and squares, under rotations.</param>
/// <param name="Permutation">To what moves with its elements, under permutations.</param>
/// <param name="Origin">To what moves with the parameter.</param>
/// <param name="AtZero">To the order with which values vanish where the parameter does.</param>
internal sealed record BehaviourRow(Operation Operation, Rule Degree, Rule Parity, Rule Rotation, Rule Permutation, Rule Origin, Rule AtZero)
{
    /// <summary>An operation that is the same to every property.</summary>
    public BehaviourRow(Operation operation, Rule rule)
        : this(operation, rule, rule, rule, rule, rule, rule)
    {
    }
}

/// <summary>
/// The table "operation → behaviour": one row for each operation of the graph. An operation without a row does not compile into
/// an analysis: the first look at it throws, and a test walks all of them.
/// </summary>
internal sealed class BehaviourTable(IEnumerable<BehaviourRow> rows)
{
    /// <summary>The table as it is.</summary>
    public static readonly BehaviourTable Default = new(
    [
        //                                  degree             parity             rotation         permutation      origin           at zero
        new(Operation.Constant,             Rule.Number),
        new(Operation.Hyper,                Rule.Number),
        new(Operation.Step,                 Rule.Number),
        new(Operation.Shape,                Rule.Number),
        new(Operation.Carried,              Rule.Unknown),
        new(Operation.PerStep,              Rule.Number),
        new(Operation.Load,                 Rule.Load),

        new(Operation.Add,                  Rule.Alike,        Rule.Alike,        Rule.Alike,      Rule.Function,   Rule.Alike,      Rule.Alike),
        new(Operation.Subtract,             Rule.Alike,        Rule.Alike,        Rule.Alike,      Rule.Function,   Rule.Difference, Rule.Alike),
        new(Operation.Multiply,             Rule.Product,      Rule.Product,      Rule.Product,    Rule.Product,    Rule.Function,   Rule.Product),
        new(Operation.Divide,               Rule.Quotient,     Rule.Quotient,     Rule.Quotient,   Rule.Quotient,   Rule.Function,   Rule.Quotient),
        new(Operation.Negate,               Rule.Keep,         Rule.OddFunction,  Rule.Keep,       Rule.Function,   Rule.Function,   Rule.Keep),
        new(Operation.FusedMultiplyAdd,     Rule.Fused,        Rule.Fused,        Rule.Fused,      Rule.Function,   Rule.Function,   Rule.Fused),

        new(Operation.Sqrt,                 Rule.Root,         Rule.Function,     Rule.Function,   Rule.Function,   Rule.Function,   Rule.Root),
        new(Operation.Power,                Rule.Power,        Rule.Power,        Rule.Power,      Rule.Function,   Rule.Function,   Rule.Power),
        new(Operation.Abs,                  Rule.Keep,         Rule.EvenFunction, Rule.Function,   Rule.Function,   Rule.Function,   Rule.Keep),
        new(Operation.Sign,                 Rule.Sign,         Rule.OddFunction,  Rule.Function,   Rule.Function,   Rule.Function,   Rule.Sign),
        new(Operation.Min,                  Rule.Alike,        Rule.Extremum,     Rule.Function,   Rule.Function,   Rule.Function,   Rule.Extremum),
        new(Operation.Max,                  Rule.Alike,        Rule.Extremum,     Rule.Function,   Rule.Function,   Rule.Function,   Rule.Extremum),
        new(Operation.Clamp,                Rule.Alike,        Rule.Clamp,        Rule.Function,   Rule.Function,   Rule.Function,   Rule.Clamp),
        new(Operation.Exp,                  Rule.Function,     Rule.Function,     Rule.Function,   Rule.Function,   Rule.Function,   Rule.Function),
        new(Operation.Log,                  Rule.Function,     Rule.Function,     Rule.Function,   Rule.Function,   Rule.Function,   Rule.Function),
        new(Operation.Tanh,                 Rule.BentFunction, Rule.OddFunction,  Rule.Function,   Rule.Function,   Rule.Function,   Rule.BentFunction),
        new(Operation.CopySign,             Rule.CopySign,     Rule.CopySign,     Rule.Function,   Rule.Function,   Rule.Function,   Rule.CopySign),

        new(Operation.Less,                 Rule.Order,        Rule.Order,        Rule.Function,   Rule.Function,   Rule.Function,   Rule.Order),
        new(Operation.LessOrEqual,          Rule.Order,        Rule.Order,        Rule.Function,   Rule.Function,   Rule.Function,   Rule.Order),
        new(Operation.Equal,                Rule.Equality,     Rule.Equality,     Rule.Equality,   Rule.Function,   Rule.Equality,   Rule.Order),
        new(Operation.And,                  Rule.Logic,        Rule.Logic,        Rule.Logic,      Rule.Logic,      Rule.Logic,      Rule.Logic),
        new(Operation.Or,                   Rule.Logic,        Rule.Logic,        Rule.Logic,      Rule.Logic,      Rule.Logic,      Rule.Logic),
        new(Operation.Not,                  Rule.Logic,        Rule.Logic,        Rule.Logic,      Rule.Logic,      Rule.Logic,      Rule.Logic),
        new(Operation.Select,               Rule.Choice,       Rule.Choice,       Rule.Choice,     Rule.Function,   Rule.Choice,     Rule.Choice),

        new(Operation.Sum,                  Rule.Sum),
        new(Operation.Matrix,               Rule.Matrix),
    ]);

    private readonly Dictionary<Operation, BehaviourRow> rows = rows.ToDictionary(row => row.Operation);

    /// <summary>The rows, in the order of the operations.</summary>
    public IEnumerable<BehaviourRow> Rows => this.rows.Values.OrderBy(row => row.Operation);

    public BehaviourRow this[Operation operation] => this.rows[operation];

    /// <summary>The same table with another row in the place of that operation's.</summary>
    public BehaviourTable With(BehaviourRow row) => new(this.rows.Values.Select(known => known.Operation == row.Operation ? row : known));
}
