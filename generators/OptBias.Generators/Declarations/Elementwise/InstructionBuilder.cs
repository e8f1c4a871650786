using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

/// <summary>
/// Collects the instructions of one method, equal ones once. What is known at compile time is computed here, in double:
/// the arithmetic of constants, and every condition that does not depend on an input.
/// </summary>
internal sealed class InstructionBuilder
{
    /// <summary>Limits beyond which a method is refused: far more than a rule needs, and few enough for any compiler's stack.</summary>
    public const int MostInstructions = 2000;
    public const int Deepest = 200;

    private readonly List<Instruction> instructions = new();
    private readonly List<string> locals = new();
    private readonly List<int> depths = new();
    private readonly Dictionary<Instruction, int> known = new();

    public IReadOnlyList<Instruction> Instructions => this.instructions;

    public IReadOnlyList<string> Locals => this.locals;

    public bool IsTooLarge { get; private set; }

    public int True => this.Constant(1);

    public int False => this.Constant(0);

    public int Constant(double value) =>
        this.Add(new Instruction(Operation.Constant, EquatableArray<int>.Empty, BitConverter.DoubleToInt64Bits(value)));

    public int Load(int input) => this.Add(new Instruction(Operation.Load, EquatableArray<int>.Empty, Input: input));

    public int Apply(Operation operation, params int[] operands) =>
        operation == Operation.Less && operands[0] == operands[1] ? this.False
        : operation == Operation.LessOrEqual && operands[0] == operands[1] ? this.Apply(Operation.Equal, operands)
        : this.Fold(operation, operands) is { } value ? this.Constant(value) : this.Add(new Instruction(operation, operands.ToEquatableArray()));

    public int Not(int condition) =>
        this.TruthOf(condition) is { } truth ? this.Truth(!truth)
        : this.instructions[condition].Operation == Operation.Not ? this.instructions[condition].Operands[0]
        : this.Apply(Operation.Not, condition);

    public int And(int a, int b) => this.TruthOf(a) is { } x ? (x ? b : this.False) : this.TruthOf(b) is { } y ? (y ? a : this.False) : a == b ? a : this.Apply(Operation.And, a, b);

    public int Or(int a, int b) => this.TruthOf(a) is { } x ? (x ? this.True : b) : this.TruthOf(b) is { } y ? (y ? this.True : a) : a == b ? a : this.Apply(Operation.Or, a, b);

    /// <summary>One of two numbers.</summary>
    public int Choose(int condition, int then, int otherwise) =>
        then == otherwise ? then
        : this.TruthOf(condition) is { } truth ? (truth ? then : otherwise)
        : this.instructions[condition].Operation == Operation.Not ? this.Choose(this.instructions[condition].Operands[0], otherwise, then)
        : this.Apply(Operation.Select, condition, then, otherwise);

    /// <summary>One of two conditions.</summary>
    public int ChooseCondition(int condition, int then, int otherwise) =>
        then == otherwise ? then
        : this.TruthOf(condition) is { } truth ? (truth ? then : otherwise)
        : this.TruthOf(then) is { } yes ? (yes ? this.Or(condition, otherwise) : this.And(this.Not(condition), otherwise))
        : this.TruthOf(otherwise) is { } no ? (no ? this.Or(this.Not(condition), then) : this.And(condition, then))
        : this.Or(this.And(condition, then), this.And(this.Not(condition), otherwise));

    /// <summary>What a condition is, if that is known here.</summary>
    public bool? TruthOf(int condition) =>
        this.instructions[condition] is { Operation: Operation.Constant } constant ? constant.Number != 0 : null;

    public int Truth(bool value) => value ? this.True : this.False;

    /// <summary>Remembers what the user calls a result; the first name stays.</summary>
    public void Name(int instruction, string local)
    {
        if (this.locals[instruction].Length == 0)
            this.locals[instruction] = local;
    }

    private int Add(Instruction instruction)
    {
        if (this.known.TryGetValue(instruction, out var place))
            return place;
        place = this.instructions.Count;
        var depth = 1 + instruction.Operands.Select(o => this.depths[o]).DefaultIfEmpty(0).Max();
        this.IsTooLarge |= depth > Deepest || place >= MostInstructions;
        this.known.Add(instruction, place);
        this.instructions.Add(instruction);
        this.locals.Add("");
        this.depths.Add(depth);
        return place;
    }

    private double? Fold(Operation operation, int[] operands)
    {
        if (operands.Any(o => this.instructions[o].Operation != Operation.Constant))
            return null;
        var a = this.instructions[operands[0]].Number;
        var b = operands.Length > 1 ? this.instructions[operands[1]].Number : 0;
        return operation switch
        {
            Operation.Add => a + b,
            Operation.Subtract => a - b,
            Operation.Multiply => a * b,
            Operation.Divide => a / b,
            Operation.Negate => -a,
            Operation.Less => a < b ? 1 : 0,
            Operation.LessOrEqual => a <= b ? 1 : 0,
            Operation.Equal => a == b ? 1 : 0,
            _ => null,
        };
    }
}
