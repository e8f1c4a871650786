using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>How a tensor is kept whose numbers are computed with in float32: read into it, and rounded as they are written. All of it is static; the type is its name.</summary>
/// <remarks>Addresses are those of a tensor's first element unless a storage says otherwise; indices count elements.</remarks>
internal interface IFloat32Storage
{
    /// <summary>Reads sixteen numbers.</summary>
    static abstract Vector512<float> Load512(nint address, long index);

    /// <summary>Reads eight numbers.</summary>
    static abstract Vector256<float> Load256(nint address, long index);

    /// <summary>Reads one number.</summary>
    static abstract float Load(nint address, long index);

    /// <summary>Writes sixteen numbers.</summary>
    static abstract void Store(nint address, long index, Vector512<float> value);

    /// <summary>Writes eight numbers.</summary>
    static abstract void Store(nint address, long index, Vector256<float> value);

    /// <summary>Writes one number.</summary>
    static abstract void Store(nint address, long index, float value);
}
