using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace OptBias.Native;

/// <summary>
/// The few calls that a step makes for every parameter, without the wrapper objects that TorchSharp allocates for them.
/// They check nothing: callers pass handles of live tensors.
/// </summary>
internal static unsafe partial class TorchNative
{
    private const string Library = "LibTorchSharp";

    private static readonly delegate* unmanaged[Cdecl]<nint, void> BumpVersionFunction = FindBumpVersion();

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint> GradientOfImplementation =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint>)LoadedLibraries.FindExport("c10", "_ZNK3c1010TensorImpl4gradEv");

    private static readonly nint UndefinedTensor = LoadedLibraries.FindExport("c10", "_ZN3c1019UndefinedTensorImpl10_singletonE");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte> IsInferenceFunction =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte>)LoadedLibraries.FindExport("torch_cpu", "_ZN2at6native12is_inferenceERKNS_6TensorE");

    /// <summary>Address of a tensor's first element, a view's offset included.</summary>
    [LibraryImport(Library, EntryPoint = "THSTensor_data"), SuppressGCTransition]
    public static partial nint Data(nint tensor);

    /// <summary>Takes a tensor's gradient away.</summary>
    public static void ResetGradient(nint tensor) => SetGradient(tensor, 0);

    /// <summary>Whether <see cref="BorrowGradient"/> can do what it says with the libtorch that is loaded.</summary>
    public static bool CanBorrowGradient => GradientOfImplementation is not null && UndefinedTensor != 0;

    /// <summary>
    /// A handle to the gradient that is the parameter's own, not to be disposed of, good until the gradient is set anew; 0 if
    /// there is none. A TorchSharp handle is the address of an <c>at::Tensor</c>, which holds the address of its
    /// <c>c10::TensorImpl</c>; <c>TensorImpl::grad()</c> returns a reference, where TorchSharp's call allocates a tensor.
    /// </summary>
    public static nint BorrowGradient(nint tensor)
    {
        var gradient = GradientOfImplementation(*(nint*)tensor);
        return *(nint*)gradient == UndefinedTensor ? 0 : gradient;
    }

    /// <summary>The object behind a tensor, for <see cref="BringNear"/>.</summary>
    public static nint ImplementationOf(nint tensor) => *(nint*)tensor;

    /// <summary>Has the object behind a tensor, of which the calls here read four lines, brought into the nearest cache. A hint: an address that is no longer one costs nothing.</summary>
    public static void BringNear(nint implementation)
    {
        if (!Sse.IsSupported)
            return;
        for (var line = 0; line < 4; line++)
            Sse.Prefetch0((byte*)implementation + (64 * line));
    }

    [LibraryImport(Library, EntryPoint = "THSTensor_set_grad")]
    private static partial void SetGradient(nint tensor, nint gradient);

    [LibraryImport(Library, EntryPoint = "THSTensor_numel"), SuppressGCTransition]
    public static partial long ElementCount(nint tensor);

    /// <summary>Whether two tensors have the same number of dimensions and the same sizes.</summary>
    public static bool HaveSameShape(nint tensor, nint other)
    {
        var dimensions = Dimensions(tensor);
        if (Dimensions(other) != dimensions)
            return false;
        for (var k = 0L; k < dimensions; k++)
        {
            if (Size(tensor, k) != Size(other, k))
                return false;
        }

        return true;
    }

    /// <summary>Whether a tensor has these sizes.</summary>
    public static bool HasShape(nint tensor, long[] shape)
    {
        if (Dimensions(tensor) != shape.Length)
            return false;
        for (var k = 0; k < shape.Length; k++)
        {
            if (Size(tensor, k) != shape[k])
                return false;
        }

        return true;
    }

    [LibraryImport(Library, EntryPoint = "THSTensor_ndimension"), SuppressGCTransition]
    private static partial long Dimensions(nint tensor);

    [LibraryImport(Library, EntryPoint = "THSTensor_size"), SuppressGCTransition]
    private static partial long Size(nint tensor, long dimension);

    [LibraryImport(Library, EntryPoint = "THSTensor_type"), SuppressGCTransition]
    public static partial sbyte DType(nint tensor);

    [LibraryImport(Library, EntryPoint = "THSTensor_device_type"), SuppressGCTransition]
    public static partial int DeviceType(nint tensor);

    [LibraryImport(Library, EntryPoint = "THSTensor_is_contiguous"), SuppressGCTransition]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsContiguous(nint tensor);

    [LibraryImport(Library, EntryPoint = "THSTensor_is_sparse"), SuppressGCTransition]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsSparse(nint tensor);

    /// <summary>
    /// Tells autograd that a tensor was written to. Without it a later backward pass through the old values would be silently
    /// wrong; with it libtorch throws, as after an in-place operation of its own. A tensor that was made in inference mode has no
    /// version: nothing is remembered of it for a backward pass, and libtorch throws through this call, which would end the process.
    /// </summary>
    public static void BumpVersion(nint tensor)
    {
        if (CanBumpVersion && !IsInference(tensor))
            BumpVersionFunction(tensor);
    }

    /// <summary>Whether <see cref="BumpVersion"/> can do what it says with the libtorch that is loaded.</summary>
    public static bool CanBumpVersion => BumpVersionFunction is not null && IsInferenceFunction is not null;

    /// <summary>Whether a tensor was made in inference mode. No tensor is said to be where the libtorch that is loaded cannot tell.</summary>
    public static bool IsInference(nint tensor) => IsInferenceFunction is not null && IsInferenceFunction(tensor) != 0;

    /// <summary><c>torch::autograd::impl::bump_version(const at::Tensor&amp;)</c>; a TorchSharp handle is the address of an <c>at::Tensor</c>.</summary>
    private static delegate* unmanaged[Cdecl]<nint, void> FindBumpVersion() =>
        (delegate* unmanaged[Cdecl]<nint, void>)LoadedLibraries.FindExport("torch_cpu", "_ZN5torch8autograd4impl12bump_versionERKN2at6TensorE");
}
