namespace OptBias.GpuCheck.Results;

/// <summary>What the exit code says.</summary>
internal enum ExitCode
{
    /// <summary>The paths agree, and no goal that was measured is missed.</summary>
    Fine = 0,

    /// <summary>The fused path and TorchSharp's operations do not agree somewhere, or a case was not run for lack of time.</summary>
    ParityFailed = 1,

    /// <summary>The command line is wrong.</summary>
    BadInput = 2,

    /// <summary>There is no GPU to check.</summary>
    NoGpu = 3,

    /// <summary>The paths agree, and a goal is missed or something could not be measured at all.</summary>
    GoalMissed = 4,

    /// <summary>TorchSharp's native library does not fit the libtorch that was named.</summary>
    LibTorchDoesNotFit = 5,
}
