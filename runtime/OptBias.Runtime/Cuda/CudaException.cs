namespace OptBias.Cuda;

/// <summary>A call of the CUDA driver or of NVRTC failed.</summary>
internal sealed class CudaException(string message) : Exception(message);
