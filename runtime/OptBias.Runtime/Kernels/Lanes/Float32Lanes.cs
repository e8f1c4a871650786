namespace OptBias.Kernels;

/// <summary>Lanes that compute in float32, whatever the tensors are kept in.</summary>
/// <typeparam name="TParameter">How the parameter is kept.</typeparam>
/// <typeparam name="TGradient">How the gradient is kept.</typeparam>
/// <typeparam name="TState">How state is kept.</typeparam>
/// <typeparam name="TPowers">What they raise to.</typeparam>
internal static partial class Float32Lanes<TParameter, TGradient, TState, TPowers>
    where TParameter : struct, IFloat32Storage
    where TGradient : struct, IFloat32Storage
    where TState : struct, IFloat32Storage
    where TPowers : struct, IPowers;
