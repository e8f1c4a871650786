using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>What one parameter keeps for one matrix stage of its optimizer: tensors, and a few counters.</summary>
/// <remarks>
/// The tensors are detached from dispose scopes and live until <see cref="IDisposable.Dispose"/>. Saving and loading
/// follow TorchSharp's <c>OptimizerState</c>: a state is loaded into one that was made for the same shape and settings.
/// </remarks>
public interface IMatrixState : IDisposable
{
    /// <summary>The tensors of the state with names that are stable across versions: <c>factor_0</c>, <c>root_0</c>, with several blocks <c>block_2.factor_0</c>.</summary>
    IReadOnlyList<(string Name, Tensor Value)> Tensors { get; }

    /// <summary>The counters of the state: steps seen, failed refreshes. The same names in the same order for the same shape and settings.</summary>
    IReadOnlyList<(string Name, long Value)> Counters { get; }

    /// <summary>Sets the counters, after the tensors were filled from a checkpoint.</summary>
    /// <param name="values">One value for each of <see cref="Counters"/>.</param>
    /// <exception cref="ArgumentException">Another number of values.</exception>
    void SetCounters(ReadOnlySpan<long> values);

    /// <summary>Writes counters and tensors.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The data was written by a state of another shape or with other settings.</exception>
    void Load(BinaryReader reader);

    /// <summary>Copies counters and values of another state onto the device of this one.</summary>
    /// <exception cref="ArgumentException">The other state is of another kind, shape or has other settings.</exception>
    void CopyFrom(IMatrixState other);

    /// <summary>Moves the tensors to a device.</summary>
    void To(Device device);

    /// <summary>Whether the counters are equal and the tensors are close, by TorchSharp's default tolerances.</summary>
    bool ApproximatelyEquals(IMatrixState other);
}

/// <summary>A state that can say beforehand whether it could learn from a gradient.</summary>
internal interface IChecksGradient
{
    /// <summary>Throws if it could not; where the gradient is on a device, has it seen together with others. Changes nothing that is state.</summary>
    /// <param name="gradient">The gradient of the parameter.</param>
    /// <param name="isLearntFrom">Whether the state learns from this gradient itself in the step that begins, and not from what stages make of it.</param>
    /// <param name="isFinite">Whether its elements are known to be finite, or looked at with the same checks.</param>
    /// <param name="checks">Where numbers of a device are read together.</param>
    void Check(Tensor gradient, bool isLearntFrom, bool isFinite, Checks checks);

    /// <summary>What it says of a gradient that has elements that are not finite; null if it does not learn from gradients.</summary>
    PreconditionerException? Refusal(Tensor gradient, NonFiniteGradientException cause);
}
