namespace OptBias.Generators.Programs;

/// <summary>The operations of the expression graph. Every printer prints every one of them, and knows nothing else.</summary>
internal enum Operation
{
    // Leaves.
    Constant,
    Hyper,
    Step,
    Load,
    Shape,

    // Arithmetic.
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    FusedMultiplyAdd,

    // Functions.
    Sqrt,
    Power,
    Abs,
    Sign,
    Min,
    Max,

    // Choice: a comparison yields a mask, which only Select takes.
    Less,
    LessOrEqual,
    Equal,
    Select,

    // What needs a whole tensor before it has a value.
    Sum,
    Matrix,
}
