namespace OptBias.LinearAlgebra;

public sealed partial class KroneckerPreconditioner : IChecksCounters
{
    string? IChecksCounters.WhatIsWrong(ReadOnlySpan<long> values, long step)
    {
        var names = this.Counters;
        for (var i = 0; i < values.Length; i++)
        {
            var most = i == 0 ? step : i <= this.blocks.Length ? MaxFailures : BackgroundRoots.LastOutcome;
            if (CounterRange.WhatIsWrong(names[i].Name, values[i], most) is { } wrong)
                return wrong;
        }

        return null;
    }
}
