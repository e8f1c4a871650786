namespace OptBias.Generators.Bias;

/// <summary>
/// What an operation does to the behaviour of its operands. The words are shared by all columns of <see cref="BehaviourTable"/>;
/// each reading says what they mean for its property.
/// </summary>
internal enum Rule
{
    /// <summary>A number that no gradient has a part in.</summary>
    Number,

    /// <summary>What a user's method hands from step to step: nobody can tell what becomes of it.</summary>
    Unknown,

    /// <summary>A tensor as it is before the step.</summary>
    Load,

    /// <summary>A sum: operands must behave alike, and so does the result.</summary>
    Alike,

    /// <summary>A difference: as <see cref="Alike"/>, and what both have in common goes.</summary>
    Difference,

    /// <summary>A product.</summary>
    Product,

    /// <summary>A quotient.</summary>
    Quotient,

    /// <summary>A product and a sum.</summary>
    Fused,

    /// <summary>A square root.</summary>
    Root,

    /// <summary>A power.</summary>
    Power,

    /// <summary>A linear function of one operand, or one that keeps what the property is about.</summary>
    Keep,

    /// <summary>An odd function of each element.</summary>
    OddFunction,

    /// <summary>An odd function of each element that is bent: it keeps signs and no degree.</summary>
    BentFunction,

    /// <summary>An even function of each element.</summary>
    EvenFunction,

    /// <summary>Any other function of each element.</summary>
    Function,

    /// <summary>The sign: an odd function without a size.</summary>
    Sign,

    /// <summary>The size of the first operand with the sign of the second.</summary>
    CopySign,

    /// <summary>The larger or smaller one of two.</summary>
    Extremum,

    /// <summary>A value kept between two limits.</summary>
    Clamp,

    /// <summary>A comparison.</summary>
    Order,

    /// <summary>A test for equality.</summary>
    Equality,

    /// <summary>A combination of conditions.</summary>
    Logic,

    /// <summary>A choice between two values.</summary>
    Choice,

    /// <summary>A sum over all elements.</summary>
    Sum,

    /// <summary>A matrix stage, which declares its own behaviour.</summary>
    Matrix,
}
