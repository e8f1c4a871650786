using static TorchSharp.torch;

namespace OptBias.Native;

/// <summary>Operations on many tensors at once, which TorchSharp has no call for.</summary>
internal static unsafe class TensorLists
{
    private static readonly delegate* unmanaged[Cdecl]<nint*, nuint, nint*, nuint, byte, void> CopyFunction =
        (delegate* unmanaged[Cdecl]<nint*, nuint, nint*, nuint, byte, void>)LoadedLibraries.FindExport("torch_cpu", "_ZN2at4_ops14_foreach_copy_4callEN3c108ArrayRefINS_6TensorEEES5_b");

    /// <summary>Copies each source into its target, on a GPU in one launch where libtorch offers it. Shapes must be equal.</summary>
    /// <param name="targets">Where to, all of one type and on one device.</param>
    /// <param name="sources">Where from, all of one type and on the targets' device.</param>
    public static void Copy(IReadOnlyList<Tensor> targets, IReadOnlyList<Tensor> sources)
    {
        if (CopyFunction is null || !AreAlike(targets, sources))
        {
            for (var i = 0; i < targets.Count; i++)
                targets[i].copy_(sources[i]);
            return;
        }

        // at::_foreach_copy_(TensorList self, TensorList src, bool non_blocking): a list is an address and a length, an at::Tensor the
        // address of its implementation, and a TorchSharp handle the address of an at::Tensor.
        var (to, from) = (Implementations(targets), Implementations(sources));
        fixed (nint* first = to, second = from)
            CopyFunction(first, (nuint)to.Length, second, (nuint)from.Length, 0);
        GC.KeepAlive(targets);
        GC.KeepAlive(sources);
    }

    /// <summary>
    /// Whether libtorch has nothing to object to, since an exception of its would go through a raw call and end the process: as many
    /// sources as targets, of the same shapes, each list of one type, all contiguous, none made in inference mode. Then it launches one
    /// kernel and allocates nothing. An error that a device has met before is reported by the checked operation that made the sources.
    /// </summary>
    private static bool AreAlike(IReadOnlyList<Tensor> targets, IReadOnlyList<Tensor> sources)
    {
        if (targets.Count == 0 || targets.Count != sources.Count)
            return false;
        var (to, from) = (TorchNative.DType(targets[0].Handle), TorchNative.DType(sources[0].Handle));
        var device = TorchNative.DeviceType(targets[0].Handle);
        for (var i = 0; i < targets.Count; i++)
        {
            var (target, source) = (targets[i].Handle, sources[i].Handle);
            if (TorchNative.DType(target) != to || TorchNative.DType(source) != from
                || TorchNative.DeviceType(target) != device || TorchNative.DeviceType(source) != device
                || !TorchNative.HaveSameShape(target, source)
                || !TorchNative.IsContiguous(target) || !TorchNative.IsContiguous(source)
                || TorchNative.IsInference(target))
                return false;
        }

        return true;
    }

    private static nint[] Implementations(IReadOnlyList<Tensor> tensors)
    {
        var implementations = new nint[tensors.Count];
        for (var i = 0; i < implementations.Length; i++)
            implementations[i] = *(nint*)tensors[i].Handle;
        return implementations;
    }
}
