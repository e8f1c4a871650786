using System.Runtime.InteropServices;

namespace OptBias.Cuda;

/// <summary>
/// The calls of the CUDA driver API that kernels need (names and signatures as in NVIDIA's cuda.h), from the driver that the
/// system has. Nothing is loaded before the first use.
/// </summary>
internal sealed unsafe class CudaDriver
{
    private static readonly Lazy<(CudaDriver? Driver, string? Problem)> Loaded = new(Load);

    public readonly delegate* unmanaged[Cdecl]<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged[Cdecl]<int*, int, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged[Cdecl]<nint*, int, int> DevicePrimaryCtxRetain;
    public readonly delegate* unmanaged[Cdecl]<nint, int> CtxPushCurrent;
    public readonly delegate* unmanaged[Cdecl]<nint*, int> CtxPopCurrent;
    public readonly delegate* unmanaged[Cdecl]<nint*, void*, int> ModuleLoadData;
    public readonly delegate* unmanaged[Cdecl]<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged[Cdecl]<nint*, nuint, int> MemAlloc;
    public readonly delegate* unmanaged[Cdecl]<nint, int> MemFree;
    public readonly delegate* unmanaged[Cdecl]<nint*, nuint, uint, int> MemHostAlloc;
    public readonly delegate* unmanaged[Cdecl]<nint, int> MemFreeHost;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, nint, int> MemcpyHtoDAsync;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int> MemcpyDtoH;
    public readonly delegate* unmanaged[Cdecl]<nint*, uint, int> EventCreate;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, int> EventRecord;
    public readonly delegate* unmanaged[Cdecl]<nint, int> EventSynchronize;
    public readonly delegate* unmanaged[Cdecl]<nint, int> EventDestroy;
    public readonly delegate* unmanaged[Cdecl]<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;
    private readonly delegate* unmanaged[Cdecl]<int, byte**, int> getErrorName;

    private CudaDriver(nint library)
    {
        this.DeviceGet = (delegate* unmanaged[Cdecl]<int*, int, int>)Export("cuDeviceGet");
        this.DeviceGetAttribute = (delegate* unmanaged[Cdecl]<int*, int, int, int>)Export("cuDeviceGetAttribute");
        this.DevicePrimaryCtxRetain = (delegate* unmanaged[Cdecl]<nint*, int, int>)Export("cuDevicePrimaryCtxRetain");
        this.CtxPushCurrent = (delegate* unmanaged[Cdecl]<nint, int>)Export("cuCtxPushCurrent_v2");
        this.CtxPopCurrent = (delegate* unmanaged[Cdecl]<nint*, int>)Export("cuCtxPopCurrent_v2");
        this.ModuleLoadData = (delegate* unmanaged[Cdecl]<nint*, void*, int>)Export("cuModuleLoadData");
        this.ModuleGetFunction = (delegate* unmanaged[Cdecl]<nint*, nint, byte*, int>)Export("cuModuleGetFunction");
        this.MemAlloc = (delegate* unmanaged[Cdecl]<nint*, nuint, int>)Export("cuMemAlloc_v2");
        this.MemFree = (delegate* unmanaged[Cdecl]<nint, int>)Export("cuMemFree_v2");
        this.MemHostAlloc = (delegate* unmanaged[Cdecl]<nint*, nuint, uint, int>)Export("cuMemHostAlloc");
        this.MemFreeHost = (delegate* unmanaged[Cdecl]<nint, int>)Export("cuMemFreeHost");
        this.MemcpyHtoDAsync = (delegate* unmanaged[Cdecl]<nint, nint, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2");
        this.MemcpyDtoH = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int>)Export("cuMemcpyDtoH_v2");
        this.EventCreate = (delegate* unmanaged[Cdecl]<nint*, uint, int>)Export("cuEventCreate");
        this.EventRecord = (delegate* unmanaged[Cdecl]<nint, nint, int>)Export("cuEventRecord");
        this.EventSynchronize = (delegate* unmanaged[Cdecl]<nint, int>)Export("cuEventSynchronize");
        this.EventDestroy = (delegate* unmanaged[Cdecl]<nint, int>)Export("cuEventDestroy_v2");
        this.LaunchKernel = (delegate* unmanaged[Cdecl]<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel");
        this.getErrorName = (delegate* unmanaged[Cdecl]<int, byte**, int>)Export("cuGetErrorName");
        this.Check(((delegate* unmanaged[Cdecl]<uint, int>)Export("cuInit"))(0), "cuInit");

        nint Export(string name) => NativeLibrary.TryGetExport(library, name, out var address)
            ? address
            : throw new CudaException($"The CUDA driver has no {name}: it is older than the kernels need (CUDA 11).");
    }

    /// <summary>The driver; null if there is none, and then <paramref name="problem"/> says why.</summary>
    public static CudaDriver? Find(out string? problem)
    {
        (var driver, problem) = Loaded.Value;
        return driver;
    }

    /// <summary>Throws if a call failed.</summary>
    public void Check(int result, string call)
    {
        if (result == 0)
            return;
        byte* name = null;
        this.getErrorName(result, &name);
        throw new CudaException($"{call} failed with {(name is null ? "error" : Marshal.PtrToStringUTF8((nint)name))} ({result}).");
    }

    private static (CudaDriver? Driver, string? Problem) Load()
    {
        var name = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(name, out var library))
            return (null, $"there is no CUDA driver ({name})");
        try
        {
            return (new CudaDriver(library), null);
        }
        catch (CudaException failure)
        {
            return (null, failure.Message);
        }
    }
}
