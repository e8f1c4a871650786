using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>How a value behaves under one change of the gradients.</summary>
/// <param name="Kind">What happens to it.</param>
/// <param name="Number">The degree of a <see cref="BehaviourKind.Number"/>.</param>
/// <param name="Cause">The value at which a property was lost; not part of equality.</param>
/// <param name="Sentence">Why it was lost there; not part of equality.</param>
internal readonly record struct Behaviour(BehaviourKind Kind, double Number = 0, Expression? Cause = null, string? Sentence = null)
{
    /// <summary>Zero, which behaves in every way. State begins with it.</summary>
    public static readonly Behaviour Zero = new(BehaviourKind.Zero);

    public static readonly Behaviour Same = new(BehaviourKind.Same);

    public static readonly Behaviour Odd = new(BehaviourKind.Odd);

    public static readonly Behaviour Square = new(BehaviourKind.Square);

    public static readonly Behaviour Shifted = new(BehaviourKind.Shifted);

    public bool IsZero => this.Kind == BehaviourKind.Zero;

    /// <summary>Whether nothing is left to say: the property is lost, or it is not known.</summary>
    public bool IsLost => this.Kind is BehaviourKind.None or BehaviourKind.Unknown;

    /// <summary>A power of the change's factor. Sums of decimals are rounded, so that equal degrees are equal.</summary>
    public static Behaviour Of(double degree) => new(BehaviourKind.Number, Math.Round(degree, 12));

    /// <summary>The property is lost at a value, or by no value alone.</summary>
    public static Behaviour None(Expression? cause, string sentence) => new(BehaviourKind.None, 0, cause, sentence);

    /// <summary>It cannot be told at a value.</summary>
    public static Behaviour Unknown(Expression cause, string sentence) => new(BehaviourKind.Unknown, 0, cause, sentence);

    public bool Equals(Behaviour other) => this.Kind == other.Kind && this.Number.Equals(other.Number);

    public override int GetHashCode() => unchecked(((int)this.Kind * 31) + this.Number.GetHashCode());
}

/// <summary>What happens to a value when the gradients are changed.</summary>
internal enum BehaviourKind
{
    /// <summary>It is zero.</summary>
    Zero,

    /// <summary>Nothing, in any element.</summary>
    Same,

    /// <summary>It is mapped as the gradient is.</summary>
    Odd,

    /// <summary>It is the product of two values that are mapped as the gradient is: under a rotation only its sum is good for anything.</summary>
    Square,

    /// <summary>In coordinates that turn with the gradient: rows and columns change their signs at most.</summary>
    FrameOdd,

    /// <summary>In coordinates that turn with the gradient: nothing happens to it.</summary>
    FrameSame,

    /// <summary>It moves with the parameter.</summary>
    Shifted,

    /// <summary>It is multiplied by a power of the change's factor.</summary>
    Number,

    /// <summary>Something else: the property is lost.</summary>
    None,

    /// <summary>It cannot be told.</summary>
    Unknown,
}
