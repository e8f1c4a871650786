using System.Runtime.InteropServices;

namespace OptBias.Native;

/// <summary>
/// Autograd is off for this thread, and so is inference mode, until the guard is disposed of: <c>no_grad()</c> that is no object.
/// </summary>
/// <remarks>
/// What is made in inference mode can never be written to outside of it. State and working memory outlive the mode in which the
/// user happens to call, so they are made without it.
/// </remarks>
internal readonly ref partial struct AutogradOff
{
    private const string Library = "LibTorchSharp";
    private readonly bool before;
    private readonly nint outsideInference;

    private AutogradOff(bool before, nint outsideInference)
    {
        this.before = before;
        this.outsideInference = outsideInference;
    }

    /// <summary>Turns autograd off, and leaves inference mode.</summary>
    public static AutogradOff Enter()
    {
        // The guard turns autograd on: it comes first, and goes last.
        var outsideInference = IsInferenceModeEnabled() ? InferenceModeGuard(false) : 0;
        var before = IsEnabled();
        SetEnabled(false);
        return new AutogradOff(before, outsideInference);
    }

    /// <summary>Leaves autograd and inference mode as they were.</summary>
    public void Dispose()
    {
        SetEnabled(this.before);
        if (this.outsideInference != 0)
            DeleteInferenceModeGuard(this.outsideInference);
    }

    [LibraryImport(Library, EntryPoint = "THSAutograd_isGradEnabled")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool IsEnabled();

    [LibraryImport(Library, EntryPoint = "THSAutograd_setGrad")]
    private static partial void SetEnabled([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "THSAutograd_isInferenceModeEnabled")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool IsInferenceModeEnabled();

    [LibraryImport(Library, EntryPoint = "THSAutograd_getInferenceModeGuard")]
    private static partial nint InferenceModeGuard([MarshalAs(UnmanagedType.U1)] bool mode);

    [LibraryImport(Library, EntryPoint = "THSAutograd_deleteInferenceModeGuard")]
    private static partial void DeleteInferenceModeGuard(nint guard);
}
