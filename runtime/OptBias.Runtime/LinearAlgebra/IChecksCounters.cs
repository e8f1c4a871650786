namespace OptBias.LinearAlgebra;

/// <summary>A state that knows which counters it could have written.</summary>
internal interface IChecksCounters
{
    /// <summary>Names the first counter that is out of its range, with its value and the range; null if none is. Changes nothing.</summary>
    /// <param name="values">One value for each counter.</param>
    /// <param name="step">Steps that the parameter has taken.</param>
    string? WhatIsWrong(ReadOnlySpan<long> values, long step);
}

/// <summary>How counters are checked.</summary>
internal static class CounterRange
{
    public static string? WhatIsWrong(string name, long value, long most) =>
        value >= 0 && value <= most ? null : $"{name} is {value}, which is not in [0, {most}]";
}
