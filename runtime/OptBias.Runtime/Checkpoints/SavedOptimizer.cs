using TorchSharp;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>What an optimizer keeps, by name: what files are written from, and what loads compare themselves with.</summary>
/// <param name="Optimizer">The class's full name; null where the writer was not one of ours.</param>
/// <param name="Fingerprint">What a step did; null where that is not known.</param>
/// <param name="Groups">The groups in their order.</param>
/// <param name="Parameters">The parameters in the order of the groups.</param>
internal sealed record SavedOptimizer(
    string? Optimizer, string? Fingerprint, IReadOnlyList<SavedGroup> Groups, IReadOnlyList<SavedParameter> Parameters);

/// <summary>The hyperparameters of a group.</summary>
/// <param name="Hyperparameters">Values by name, <c>lr</c> among them.</param>
/// <param name="InitialLearningRate">The learning rate before any scheduler; null where that is not known.</param>
/// <param name="Maximize">Whether it ascends; null where that is not known.</param>
internal sealed record SavedGroup(IReadOnlyDictionary<string, double> Hyperparameters, double? InitialLearningRate, bool? Maximize);

/// <summary>What is kept for one parameter.</summary>
internal sealed record SavedParameter
{
    /// <summary>The parameter's name; null if it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>Its group; null where that is not known.</summary>
    public required int? Group { get; init; }

    /// <summary>Its shape; null where that is not known.</summary>
    public required IReadOnlyList<long>? Shape { get; init; }

    /// <summary>Its dtype; null where that is not known.</summary>
    public required ScalarType? Type { get; init; }

    /// <summary>The name of the rule that it follows; null where that is not known.</summary>
    public required string? Rule { get; init; }

    /// <summary>Steps taken.</summary>
    public required long Step { get; init; }

    /// <summary>State by name.</summary>
    public required IReadOnlyDictionary<string, SavedTensor> Tensors { get; init; }

    /// <summary>Counters of matrix stages by name.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    /// <summary>For state that is kept in the coordinates of a matrix stage, that stage's name; null where that is not known.</summary>
    public required IReadOnlyDictionary<string, string>? Coordinates { get; init; }
}

/// <summary>A tensor that can be copied into another of the same shape.</summary>
internal abstract class SavedTensor
{
    public abstract ScalarType Type { get; }

    /// <summary>The sizes; null if it takes any shape.</summary>
    public abstract IReadOnlyList<long>? Shape { get; }

    /// <summary>Whether another dtype is no difference, since the writer keeps state in other dtypes.</summary>
    public virtual bool MayBeCast => false;

    /// <summary>Overwrites a tensor of the same shape. Nothing is allocated on the way where the types are equal and the target is on the CPU.</summary>
    public abstract void CopyTo(Tensor target);

    /// <summary>A copy for a file.</summary>
    public abstract SafeTensor ToSafeTensor(string name);
}

/// <summary>A tensor of a file.</summary>
internal sealed class FileTensor(SafeTensor tensor, bool mayBeCast = false) : SavedTensor
{
    public override bool MayBeCast => mayBeCast;

    public override ScalarType Type => tensor.Type.ToScalarType();

    public override IReadOnlyList<long>? Shape => tensor.Shape;

    public override void CopyTo(Tensor target)
    {
        if (target.device_type == DeviceType.CPU && target.dtype == this.Type && target.is_contiguous())
        {
            if (!tensor.Bytes.IsEmpty)
                target.bytes = tensor.Bytes.ToArray();
            return;
        }

        using var own = tensor.ToTensor();
        target.copy_(own);
    }

    public override SafeTensor ToSafeTensor(string name) => new(name, tensor.Type, tensor.Shape, tensor.Bytes.ToArray());
}

/// <summary>A tensor of another optimizer.</summary>
internal sealed class LiveTensor(Tensor tensor) : SavedTensor
{
    public override ScalarType Type => tensor.dtype;

    public override IReadOnlyList<long>? Shape => tensor.shape;

    public override void CopyTo(Tensor target)
    {
        if (target.Handle != tensor.Handle)
            target.copy_(tensor);
    }

    public override SafeTensor ToSafeTensor(string name) => SafeTensor.Of(name, tensor);
}

/// <summary>Zeros in the place of state that has not been made yet.</summary>
internal sealed class ZeroTensor : SavedTensor
{
    public override ScalarType Type => ScalarType.Float32;

    public override IReadOnlyList<long>? Shape => null;

    public override bool MayBeCast => true;

    public override void CopyTo(Tensor target) => target.zero_();

    public override SafeTensor ToSafeTensor(string name) => throw new InvalidOperationException($"'{name}' has no shape.");
}
