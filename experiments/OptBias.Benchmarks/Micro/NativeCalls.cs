using BenchmarkDotNet.Attributes;
using OptBias.Kernels;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Benchmarks.Micro;

/// <summary>The native calls that a step makes, one by one, beside what TorchSharp offers for the same.</summary>
[MemoryDiagnoser]
public unsafe class NativeCalls
{
    private readonly Parameter parameter = new(ones(1000)) { grad = ones(1000) };
    private nint handle;

    /// <summary>Finds the handle.</summary>
    [GlobalSetup]
    public void Setup() => this.handle = this.parameter.Handle;

    /// <summary>The address of the elements.</summary>
    [Benchmark]
    public nint Address() => TorchNative.Data(this.handle);

    /// <summary>The address of the elements, by TorchSharp.</summary>
    [Benchmark]
    public int AddressByTorchSharp() => (int)this.parameter.data<float>()[0];

    /// <summary>The gradient, borrowed.</summary>
    [Benchmark]
    public nint Gradient() => TorchNative.BorrowGradient(this.handle);

    /// <summary>The gradient, by TorchSharp.</summary>
    [Benchmark]
    public bool GradientByTorchSharp()
    {
        using var gradient = this.parameter.grad;
        return gradient is null;
    }

    /// <summary>Dtype, device, layout and count.</summary>
    [Benchmark]
    public long Checks() => TorchNative.DType(this.handle) + TorchNative.DeviceType(this.handle) + (TorchNative.IsContiguous(this.handle) ? 1 : 0) + TorchNative.ElementCount(this.handle);

    /// <summary>Telling autograd of a write.</summary>
    [Benchmark]
    public void BumpVersion() => TorchNative.BumpVersion(this.handle);

    /// <summary>Entering and leaving the thread team with nothing to do.</summary>
    [Benchmark]
    public void Team() => Workers.Run(Environment.ProcessorCount, &Nothing, null);

    private static void Nothing(int worker, void* state)
    {
    }
}
