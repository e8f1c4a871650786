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
    Carried,
    PerStep,

    // Arithmetic.
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    FusedMultiplyAdd,

    // Functions; their texts are the rows of Intrinsics.
    Sqrt,
    Power,
    Abs,
    Sign,
    Min,
    Max,
    Clamp,
    Exp,
    Log,
    Tanh,
    CopySign,

    // Choice: a comparison yields a mask, masks combine, and Select takes one.
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
    Not,
    Select,

    // What needs a whole tensor before it has a value.
    Sum,
    Matrix,
}
