using System.Globalization;

namespace OptBias;

/// <summary>A hyperparameter of a declared optimizer: its name, its default, and the values it may take.</summary>
public sealed record Hyperparameter
{
    /// <summary>The name, as in constructors, options, trajectories and on the command line: <c>weight_decay</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The value it has where none is given.</summary>
    public required double Default { get; init; }

    /// <summary>Smallest allowed value.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest allowed value.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Minimum"/> itself is excluded.</summary>
    public bool ExcludesMinimum { get; init; }

    /// <summary>Whether <see cref="Maximum"/> itself is excluded. An infinite bound always is.</summary>
    public bool ExcludesMaximum { get; init; }

    /// <summary>Whether only whole numbers are allowed, as for an interval in steps.</summary>
    public bool IsInteger { get; init; }

    /// <summary>What it is, in a few words.</summary>
    public string Description { get; init; } = "";

    /// <summary>The allowed values in mathematical notation: <c>[0, 1)</c>.</summary>
    public string Range => this.IsInteger ? $"{{{Bound(this.Minimum)}, {Bound(this.Minimum + 1)}, ...}}" : string.Create(CultureInfo.InvariantCulture,
        $"{(this.ExcludesMinimum || double.IsInfinity(this.Minimum) ? '(' : '[')}{Bound(this.Minimum)}, {Bound(this.Maximum)}{(this.ExcludesMaximum || double.IsInfinity(this.Maximum) ? ')' : ']')}");

    /// <summary>Whether <paramref name="value"/> is allowed. NaN never is.</summary>
    public bool Allows(double value) =>
        double.IsFinite(value)
        && (this.ExcludesMinimum ? value > this.Minimum : value >= this.Minimum)
        && (this.ExcludesMaximum ? value < this.Maximum : value <= this.Maximum)
        && (!this.IsInteger || Math.Floor(value) == value);

    /// <summary>Returns <paramref name="value"/>, or says what is wrong with it.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="where">The optimizer, and the group if there is one: <c>AdamW, parameter group 1</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in <see cref="Range"/>.</exception>
    public double Validate(double value, string where) => this.Allows(value)
        ? value
        : throw new ArgumentOutOfRangeException(this.Name, value, string.Create(CultureInfo.InvariantCulture,
            $"{where}: {this.Name} is {value}, which is not in {this.Range}."));

    private static string Bound(double value) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
