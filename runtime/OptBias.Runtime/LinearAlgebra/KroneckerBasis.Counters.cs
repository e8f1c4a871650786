namespace OptBias.LinearAlgebra;

public sealed partial class KroneckerBasis : IChecksCounters
{
    string? IChecksCounters.WhatIsWrong(ReadOnlySpan<long> values, long step) =>
        CounterRange.WhatIsWrong("ready", values[0], 1) ?? CounterRange.WhatIsWrong("failures", values[1], KroneckerPreconditioner.MaxFailures);
}
