using System.Globalization;

namespace OptBias.Generators.Declarations;

/// <summary>The values that a hyperparameter may take. The runtime's <c>Hyperparameter</c> checks the same range.</summary>
internal readonly record struct HyperparameterRange(double Minimum, double Maximum, bool ExcludesMinimum = false, bool ExcludesMaximum = false, bool IsInteger = false)
{
    /// <summary>[0, 1): forgetting rates.</summary>
    public static readonly HyperparameterRange Rate = new(0, 1, ExcludesMaximum: true);

    /// <summary>[0, 1].</summary>
    public static readonly HyperparameterRange Unit = new(0, 1);

    /// <summary>[0, ∞).</summary>
    public static readonly HyperparameterRange NonNegative = new(0, double.PositiveInfinity);

    /// <summary>(0, ∞).</summary>
    public static readonly HyperparameterRange Positive = new(0, double.PositiveInfinity, ExcludesMinimum: true);

    /// <summary>[1, ∞).</summary>
    public static readonly HyperparameterRange AtLeastOne = new(1, double.PositiveInfinity);

    /// <summary>1, 2, 3, ...: intervals in steps.</summary>
    public static readonly HyperparameterRange Interval = new(1, double.PositiveInfinity, IsInteger: true);

    /// <summary>Any finite number.</summary>
    public static readonly HyperparameterRange Real = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Contains(double value) =>
        !double.IsNaN(value) && !double.IsInfinity(value)
        && (this.ExcludesMinimum ? value > this.Minimum : value >= this.Minimum)
        && (this.ExcludesMaximum ? value < this.Maximum : value <= this.Maximum)
        && (!this.IsInteger || Math.Floor(value) == value);

    public override string ToString() => this.IsInteger ? $"{{{Bound(this.Minimum)}, {Bound(this.Minimum + 1)}, ...}}" : string.Concat(
        this.ExcludesMinimum || double.IsInfinity(this.Minimum) ? "(" : "[",
        Bound(this.Minimum), ", ", Bound(this.Maximum),
        this.ExcludesMaximum || double.IsInfinity(this.Maximum) ? ")" : "]");

    private static string Bound(double value) =>
        double.IsPositiveInfinity(value) ? "∞" : double.IsNegativeInfinity(value) ? "−∞" : value.ToString("R", CultureInfo.InvariantCulture);
}
