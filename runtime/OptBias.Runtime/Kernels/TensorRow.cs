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
    public Elements Load(int k)
    {
        var tensor = this.state.OperandAt(this.tensors[k]);
        return new(tensor.dtype == this.state.ArithmeticType ? tensor.alias() : tensor.to_type(this.state.ArithmeticType));
    }

    /// <summary>Overwrites the k-th tensor of the pass.</summary>
    public void Store(int k, Elements value) => this.state.Keep(this.tensors[k], value.Tensor);

    /// <summary>Overwrites the k-th tensor of the pass with one value.</summary>
    public void Store(int k, Scalar value) => this.state.Keep(this.tensors[k], full_like(this.state.OperandAt(this.tensors[k]), value, dtype: this.state.ArithmeticType));

    /// <summary>Chooses between two numbers by a mask, in the type of the arithmetic.</summary>
    public Elements Select(Elements mask, Scalar then, Scalar otherwise)
    {
        var result = full_like(mask.Tensor, otherwise, dtype: this.state.ArithmeticType);
        return new(result.masked_fill_(mask.Tensor, then));
    }

    /// <summary>Gathers the k-th sum of the pass, whose terms are all the same.</summary>
    public void Sum(int k, Scalar term) => this.state.Sums[this.sumNumbers[k]] += term.ToDouble() * this.state.Parameter.NumberOfElements;

    /// <summary>Gathers the k-th sum of the pass.</summary>
    public void Sum(int k, Elements terms)
    {
        using var sum = terms.Tensor.sum(ScalarType.Float64);
        this.state.Sums[this.sumNumbers[k]] += sum.item<double>();
    }
}
