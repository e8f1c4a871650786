namespace OptBias.Kernels;

/// <summary>Operations on numbers that .NET has otherwise than tensors do.</summary>
public static class HostOperations
{
    /// <summary>−1, 0 or 1; 0 of NaN, where <see cref="Math.Sign(double)"/> throws.</summary>
    public static double Sign(double value) => value > 0 ? 1 : value < 0 ? -1 : 0;
}
