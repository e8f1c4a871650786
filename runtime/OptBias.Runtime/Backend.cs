namespace OptBias;

/// <summary>Which code carries out an update.</summary>
public enum Backend
{
    /// <summary>For each parameter the fastest path that can take it.</summary>
    Auto,

    /// <summary>The fused kernels. A parameter that they cannot take (device, dtype, layout) is an error that says why.</summary>
    Fused,

    /// <summary>TorchSharp operations: any device, dtype and layout; the oracle of the fused kernels.</summary>
    TorchSharp,
}
