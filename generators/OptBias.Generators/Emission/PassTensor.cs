using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>A tensor that a pass touches, and what it is called there.</summary>
/// <param name="Slot">The tensor.</param>
/// <param name="Index">Its place among the tensors of the pass.</param>
/// <param name="Pointer">The name of its address.</param>
/// <param name="Value">The name of its value before the pass; null if the pass does not read it.</param>
/// <param name="IsWritten">Whether the pass writes it.</param>
internal sealed record PassTensor(TensorSlot Slot, int Index, string Pointer, string? Value, bool IsWritten)
{
    public bool IsRead => this.Value is not null;
}
