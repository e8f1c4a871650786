namespace OptBias.Kernels;

/// <summary>What a kernel has to know of a tensor that is more than its numbers. Its address stands where that of the numbers would.</summary>
internal struct StoredTensor
{
    /// <summary>Address of the first number.</summary>
    public nint Data;

    /// <summary>Address of the first master weight; 0 if there are none.</summary>
    public nint Master;

    /// <summary>What tells this tensor's random bits in this step from all others.</summary>
    public uint Key;
}
