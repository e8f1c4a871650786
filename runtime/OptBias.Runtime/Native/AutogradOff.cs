using System.Runtime.InteropServices;

namespace OptBias.Native;

/// <summary>Autograd is off for this thread until the guard is disposed of: <c>no_grad()</c> that is no object.</summary>
internal readonly ref partial struct AutogradOff
{
    private const string Library = "LibTorchSharp";
    private readonly bool before;

    private AutogradOff(bool before) => this.before = before;

    /// <summary>Turns autograd off.</summary>
    public static AutogradOff Enter()
    {
        var before = IsEnabled();
        SetEnabled(false);
        return new AutogradOff(before);
    }

    /// <summary>Leaves autograd as it was.</summary>
    public void Dispose() => SetEnabled(this.before);

    [LibraryImport(Library, EntryPoint = "THSAutograd_isGradEnabled")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool IsEnabled();

    [LibraryImport(Library, EntryPoint = "THSAutograd_setGrad")]
    private static partial void SetEnabled([MarshalAs(UnmanagedType.U1)] bool enabled);
}
