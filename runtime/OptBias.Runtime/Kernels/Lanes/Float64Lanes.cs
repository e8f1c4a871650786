namespace OptBias.Kernels;

/// <summary>Lanes that compute in float64, in which the tensors are kept too.</summary>
/// <typeparam name="TPowers">What they raise to.</typeparam>
internal static partial class Float64Lanes<TPowers>
    where TPowers : struct, IPowers;
