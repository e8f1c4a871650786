using System.Runtime.InteropServices;
using OptBias.Kernels;

namespace OptBias.Cuda;

/// <summary>
/// A GPU: kernels are launched on the default stream of its primary context, the one that libtorch works in, so that they are in
/// order with libtorch's own.
/// </summary>
internal sealed unsafe class CudaDevice : IKernelDevice
{
    // CUdevice_attribute of cuda.h.
    private const int ComputeCapabilityMajor = 75;
    private const int ComputeCapabilityMinor = 76;

    private const uint EventDisableTiming = 2;
    private const int Threads = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Devices = [];

    private readonly CudaDriver driver;
    private readonly Nvrtc compiler;
    private readonly KernelCache cache = KernelCache.OfUser();
    private readonly string architecture;
    private readonly nint context;
    private readonly Dictionary<(UpdatePlan, KernelTypes), (KernelModule? Module, string? Problem)> modules = [];

    private CudaDevice(CudaDriver driver, Nvrtc compiler, int index)
    {
        this.driver = driver;
        this.compiler = compiler;
        int device;
        this.Check(driver.DeviceGet(&device, index), "cuDeviceGet");
        this.architecture = $"sm_{this.Attribute(ComputeCapabilityMajor, device)}{this.Attribute(ComputeCapabilityMinor, device)}";
        fixed (nint* retained = &this.context)
            this.Check(driver.DevicePrimaryCtxRetain(retained, device), "cuDevicePrimaryCtxRetain");
    }

    /// <inheritdoc/>
    /// <remarks>One for each chunk: on an H100 2% faster than 4, 6, 8 or 16 blocks a multiprocessor that take chunk after chunk.</remarks>
    public int MostBlocks => int.MaxValue;

    /// <summary>The device that libtorch calls by the same number; null if kernels cannot run there, and then the problem is said.</summary>
    public static CudaDevice? Find(int index, out string? problem)
    {
        lock (Gate)
        {
            problem = null;
            if (Devices.TryGetValue(index, out var known))
                return known;
            if (CudaDriver.Find(out problem) is not { } driver || Nvrtc.Find(out problem) is not { } compiler)
                return null;
            try
            {
                var device = new CudaDevice(driver, compiler, index);
                Devices.Add(index, device);
                return device;
            }
            catch (CudaException failure)
            {
                problem = failure.Message;
                return null;
            }
        }
    }

    /// <summary>The kernels of a plan for some types; null if they do not compile or load, and then the problem is said.</summary>
    public KernelModule? ModuleOf(UpdatePlan plan, KernelTypes types, out string? problem)
    {
        lock (this.modules)
        {
            if (!this.modules.TryGetValue((plan, types), out var known))
            {
                try
                {
                    known = (this.Load(plan, types), null);
                }
                catch (CudaException failure)
                {
                    known = (null, failure.Message);
                }

                this.modules.Add((plan, types), known);
            }

            problem = known.Problem;
            return known.Module;
        }
    }

    /// <inheritdoc/>
    public void Enter() => this.Check(this.driver.CtxPushCurrent(this.context), "cuCtxPushCurrent");

    /// <inheritdoc/>
    public void Leave()
    {
        nint left;
        this.Check(this.driver.CtxPopCurrent(&left), "cuCtxPopCurrent");
    }

    /// <inheritdoc/>
    public nint Allocate(long bytes)
    {
        nint address;
        this.Check(this.driver.MemAlloc(&address, (nuint)bytes), "cuMemAlloc");
        return address;
    }

    /// <inheritdoc/>
    public void Free(nint address)
    {
        if (address != 0)
            this.Check(this.driver.MemFree(address), "cuMemFree");
    }

    /// <inheritdoc/>
    public nint AllocateHost(long bytes)
    {
        nint address;
        this.Check(this.driver.MemHostAlloc(&address, (nuint)bytes, 0), "cuMemHostAlloc");
        return address;
    }

    /// <inheritdoc/>
    public void FreeHost(nint address)
    {
        if (address != 0)
            this.Check(this.driver.MemFreeHost(address), "cuMemFreeHost");
    }

    /// <inheritdoc/>
    public void Upload(nint device, nint host, long bytes) =>
        this.Check(this.driver.MemcpyHtoDAsync(device, host, (nuint)bytes, 0), "cuMemcpyHtoDAsync");

    /// <inheritdoc/>
    public void Download(nint host, nint device, long bytes) =>
        this.Check(this.driver.MemcpyDtoH(host, device, (nuint)bytes), "cuMemcpyDtoH");

    /// <inheritdoc/>
    public nint Mark(nint mark)
    {
        if (mark == 0)
            this.Check(this.driver.EventCreate(&mark, EventDisableTiming), "cuEventCreate");
        this.Check(this.driver.EventRecord(mark, 0), "cuEventRecord");
        return mark;
    }

    /// <inheritdoc/>
    public void Wait(nint mark)
    {
        if (mark != 0)
            this.Check(this.driver.EventSynchronize(mark), "cuEventSynchronize");
    }

    /// <inheritdoc/>
    public void FreeMark(nint mark)
    {
        if (mark != 0)
            this.Check(this.driver.EventDestroy(mark), "cuEventDestroy");
    }

    /// <inheritdoc/>
    public void Launch(nint kernel, in KernelTable table, int blocks)
    {
        fixed (KernelTable* argument = &table)
        {
            void* arguments = argument;
            this.Check(this.driver.LaunchKernel(kernel, (uint)blocks, 1, 1, Threads, 1, 1, 0, 0, &arguments, null), "cuLaunchKernel");
        }
    }

    private KernelModule Load(UpdatePlan plan, KernelTypes types)
    {
        if (plan.Cuda is null)
            throw new CudaException($"{plan.Name} was generated without kernels; build it with the generator of this version");
        var source = KernelSource.Of(plan.Cuda);
        var options = Nvrtc.Options(types, this.architecture);
        var code = this.cache.Get(source, options, this.compiler.Version, () => this.compiler.Compile(source, options));
        nint module;
        this.Enter();
        try
        {
            fixed (byte* bytes = code)
                this.Check(this.driver.ModuleLoadData(&module, bytes), "cuModuleLoadData");
        }
        finally
        {
            this.Leave();
        }

        var loaded = module;
        return new KernelModule(this, types, name => this.Function(loaded, name));
    }

    private nint Function(nint module, string name)
    {
        nint function;
        var text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            this.Check(this.driver.ModuleGetFunction(&function, module, (byte*)text), $"cuModuleGetFunction({name})");
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }

        return function;
    }

    private int Attribute(int attribute, int device)
    {
        int value;
        this.Check(this.driver.DeviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute");
        return value;
    }

    private void Check(int result, string call) => this.driver.Check(result, call);
}
