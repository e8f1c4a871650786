using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// The tensors of one parameter as a pass of TorchSharp operations sees them: read in the type of the arithmetic, written
/// back in the type in which they are kept.
/// </summary>
public sealed class TensorRow
{
    private readonly ParameterState state;
    private readonly int[] tensors;
    private readonly int[] sumNumbers;

    internal TensorRow(ParameterState state, PassShape shape)
    {
        this.state = state;
        this.tensors = shape.Tensors;
        this.sumNumbers = shape.Sums;
    }

    /// <summary>The k-th tensor of the pass.</summary>
    public Tensor Load(int k)
    {
        var tensor = this.state.TensorAt(this.tensors[k]);
        return tensor.dtype == this.state.ArithmeticType ? tensor.alias() : tensor.to_type(this.state.ArithmeticType);
    }

    /// <summary>Overwrites the k-th tensor of the pass.</summary>
    public void Store(int k, Tensor value) => this.state.TensorAt(this.tensors[k]).copy_(value);

    /// <summary>Gathers the k-th sum of the pass.</summary>
    public void Sum(int k, Tensor terms)
    {
        using var sum = terms.sum(ScalarType.Float64);
        this.state.Sums[this.sumNumbers[k]] += sum.item<double>();
    }
}
