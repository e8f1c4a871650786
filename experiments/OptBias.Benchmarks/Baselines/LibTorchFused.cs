using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Baselines;

/// <summary>
/// libtorch's own fused optimizers (<c>torch._fused_adamw_</c>, <c>_fused_sgd_</c>, <c>_fused_adagrad_</c>), called without
/// anything in between: TorchSharp does not bind them, and TorchScript would add its own cost. A TorchSharp handle is the address
/// of an <c>at::Tensor</c>, which is one pointer; a <c>TensorList</c> is an array of such pointers with its length.
/// </summary>
public sealed unsafe class LibTorchFused : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly Kind kind;
    private readonly double momentum;
    private readonly List<Tensor[]> state = [];
    private readonly List<nint> arrays = [];
    private readonly TensorList parameterList;
    private readonly TensorList gradientList;
    private readonly nint none;
    private bool first = true;

    private LibTorchFused(Kind kind, IReadOnlyList<Parameter> parameters, double momentum)
    {
        this.kind = kind;
        this.momentum = momentum;
        this.parameters = [.. parameters];
        this.parameterList = this.List(this.parameters);
        this.gradientList = this.List(this.parameters);
        this.none = (nint)NativeMemory.AllocZeroed(16);
        this.Lists = Enumerable.Range(0, kind == Kind.AdamW ? 2 : 1).Select(_ => this.NewState(p => zeros_like(p, requires_grad: false))).ToArray();
        this.Steps = this.NewState(p => ones(1, dtype: ScalarType.Float32, device: p.device).squeeze());
    }

    private enum Kind
    {
        AdamW,
        Sgd,
        Adagrad,
    }

    private TensorList[] Lists { get; }

    private TensorList Steps { get; }

    /// <summary>AdamW with torch's defaults.</summary>
    public static LibTorchFused AdamW(IReadOnlyList<Parameter> parameters) => new(Kind.AdamW, parameters, 0);

    /// <summary>Gradient descent.</summary>
    public static LibTorchFused Sgd(IReadOnlyList<Parameter> parameters, double momentum) => new(Kind.Sgd, parameters, momentum);

    /// <summary>Adagrad.</summary>
    public static LibTorchFused Adagrad(IReadOnlyList<Parameter> parameters) => new(Kind.Adagrad, parameters, 0);

    /// <summary>One step. The counts of steps are left to stand: torch adds to them in a call of its own.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="weightDecay">Weight decay.</param>
    public void Step(double rate, double weightDecay = 0)
    {
        this.FetchGradients();
        var empty = default(TensorList);
        switch (this.kind)
        {
            case Kind.AdamW:
                Exports.AdamW(this.parameterList, this.gradientList, this.Lists[0], this.Lists[1], empty, this.Steps, rate, 0.9, 0.999, weightDecay, 1e-8, 0, 0, this.none, this.none);
                break;
            case Kind.Sgd:
                Exports.Sgd(this.parameterList, this.gradientList, this.momentum == 0 ? empty : this.Lists[0], weightDecay, this.momentum, rate, 0, 0, 0, this.first ? (byte)1 : (byte)0, this.none, this.none);
                break;
            case Kind.Adagrad:
                Exports.Adagrad(this.parameterList, this.gradientList, this.Lists[0], this.Steps, rate, 0, weightDecay, 1e-10, 0, this.none, this.none);
                break;
            default:
                throw new UnreachableException();
        }

        this.first = false;
    }

    /// <summary>Takes all gradients away.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in this.parameters)
            Native.TorchNative.ResetGradient(parameter.Handle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in this.state.SelectMany(t => t))
            tensor.Dispose();
        foreach (var array in this.arrays)
            NativeMemory.Free((void*)array);
        NativeMemory.Free((void*)this.none);
    }

    private void FetchGradients()
    {
        for (var k = 0; k < this.parameters.Length; k++)
            this.gradientList.Data[k] = *(nint*)Native.TorchNative.BorrowGradient(this.parameters[k].Handle);
    }

    private TensorList NewState(Func<Parameter, Tensor> make)
    {
        var tensors = this.parameters.Select(p => make(p).DetachFromDisposeScope()).ToArray();
        this.state.Add(tensors);
        return this.List(tensors);
    }

    private TensorList List(IReadOnlyList<Tensor> tensors)
    {
        var data = (nint*)NativeMemory.Alloc((nuint)(tensors.Count * sizeof(nint)));
        for (var k = 0; k < tensors.Count; k++)
            data[k] = *(nint*)tensors[k].Handle;
        this.arrays.Add((nint)data);
        return new TensorList { Data = data, Count = (nuint)tensors.Count };
    }

    private struct TensorList
    {
        public nint* Data;
        public nuint Count;
    }

    private static class Exports
    {
        public static readonly delegate* unmanaged[Cdecl]<TensorList, TensorList, TensorList, TensorList, TensorList, TensorList, double, double, double, double, double, byte, byte, nint, nint, void> AdamW =
            (delegate* unmanaged[Cdecl]<TensorList, TensorList, TensorList, TensorList, TensorList, TensorList, double, double, double, double, double, byte, byte, nint, nint, void>)Find("_ZN2at4_ops13_fused_adamw_4callEN3c108ArrayRefINS_6TensorEEES5_S5_S5_S5_S5_dddddbbRKSt8optionalIS4_ES9_");

        public static readonly delegate* unmanaged[Cdecl]<TensorList, TensorList, TensorList, double, double, double, double, byte, byte, byte, nint, nint, void> Sgd =
            (delegate* unmanaged[Cdecl]<TensorList, TensorList, TensorList, double, double, double, double, byte, byte, byte, nint, nint, void>)Find("_ZN2at4_ops11_fused_sgd_4callEN3c108ArrayRefINS_6TensorEEES5_S5_ddddbbbRKSt8optionalIS4_ES9_");

        public static readonly delegate* unmanaged[Cdecl]<TensorList, TensorList, TensorList, TensorList, double, double, double, double, byte, nint, nint, void> Adagrad =
            (delegate* unmanaged[Cdecl]<TensorList, TensorList, TensorList, TensorList, double, double, double, double, byte, nint, nint, void>)Find("_ZN2at4_ops15_fused_adagrad_4callEN3c108ArrayRefINS_6TensorEEES5_S5_S5_ddddbRKSt8optionalIS4_ES9_");

        private static nint Find(string symbol)
        {
            var address = Native.LoadedLibraries.FindExport("torch_cpu", symbol);
            return address != 0 ? address : throw new InvalidOperationException($"The libtorch that is loaded does not export {symbol}: this version of it has another fused kernel.");
        }
    }
}
