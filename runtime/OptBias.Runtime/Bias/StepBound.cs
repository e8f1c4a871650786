using System.Globalization;

namespace OptBias;

/// <summary>A bound of the step, in units of the learning rate, that holds for every gradient.</summary>
/// <param name="Norm">In which norm; <see cref="StepNorm.None"/> where there is no bound.</param>
/// <param name="Value">The bound at the declared defaults, or the factor of the length that sets it; NaN where there is none.</param>
/// <param name="ScalesWithShape">Whether <paramref name="Value"/> is still to be multiplied by <c>√max(1, rows / columns)</c>.</param>
public sealed record StepBound(StepNorm Norm, double Value, bool ScalesWithShape = false)
{
    /// <summary>No bound is known.</summary>
    public static readonly StepBound None = new(StepNorm.None, double.NaN);

    /// <summary>The bound in words: <c>spectral norm at most 1.203</c>.</summary>
    public override string ToString()
    {
        var value = this.Value.ToString("0.####", CultureInfo.InvariantCulture) + (this.ScalesWithShape ? " √max(1, rows/columns)" : "");
        return this.Norm switch
        {
            StepNorm.None => "no bound is known",
            StepNorm.Element => $"elements at most {value}",
            StepNorm.Spectral => $"spectral norm at most {value}",
            StepNorm.Frobenius => $"length at most {value}",
            StepNorm.Nuclear => $"nuclear norm at most {value}",
            StepNorm.Sum => $"sum of absolute values at most {value}",
            StepNorm.Row => $"rows of length at most {value}",
            StepNorm.Column => $"columns of length at most {value}",
            StepNorm.ParameterLength when this.Value == 1 => "as long as the parameter",
            StepNorm.GraftedLength when this.Value == 1 => "as long as the grafted step",
            StepNorm.ParameterLength => $"length {value} of the parameter's",
            _ => $"length {value} of the grafted step's",
        };
    }
}
