using static TorchSharp.torch;

namespace OptBias;

/// <summary>What the state was made for, and whether it is still there.</summary>
public sealed partial class ParameterState
{
    private bool isDisposed;

    /// <summary>The parameter's shape when its state was made.</summary>
    internal long[] Sizes { get; }

    /// <summary>The parameter's type when its state was made.</summary>
    internal ScalarType MadeFor { get; }

    /// <summary>Where the state is.</summary>
    internal Device Device { get; private set; }

    /// <summary>Where the numbers of the gradient of the current step are, if fused kernels on the CPU take it as it is; 0 if that is not known.</summary>
    internal nint KnownGradient => this.facts.GradientAddress;

    private void RequireLive() =>
        ObjectDisposedException.ThrowIf(this.isDisposed, this);
}
