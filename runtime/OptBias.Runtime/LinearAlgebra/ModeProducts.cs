using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Products of a tensor with a matrix along each of its dimensions, and the Gram matrices of its unfoldings.</summary>
/// <remarks>
/// A tensor of dimensions d₀ … d₍ₒ₋₁₎ is passed as its unfolding X, d₀ × rest. It has no gaps, except that the rows of a
/// matrix (o = 2) may be apart. Products go around: <c>Xᵀ M₀</c> is the result along dimension 0 with that dimension moved to
/// the end, so after o products all dimensions are back in their places and nothing was transposed in memory.
/// </remarks>
internal static class ModeProducts
{
    /// <summary><c>C ← α X₍ₖ₎ X₍ₖ₎ᵀ + β C</c>, X₍ₖ₎ the unfolding along dimension k.</summary>
    public static void Gram(in Matrix x, IReadOnlyList<long> lengths, int k, Tensor target, double alpha, double beta)
    {
        var c = Matrix.Of(target, lengths[k], lengths[k]);
        if (k == 0)
        {
            Products.Multiply(x, false, x, true, c, alpha, beta);
        }
        else if (k == lengths.Count - 1)
        {
            var last = lengths.Count == 2 ? x : x.Reshape(x.Rows * x.Columns / lengths[k], lengths[k]);
            Products.Multiply(last, true, last, false, c, alpha, beta);
        }
        else
        {
            // A dimension in the middle has no unfolding without a copy: brought to the front in one pass.
            var elements = x.Rows * x.Columns;
            var before = Product(lengths, 0, k);
            var after = elements / before / lengths[k];
            var unfolding = Scratch.Get(Scratch.Slot.Unfolding, elements, x.Tensor.dtype, x.Tensor.device);
            using (NewDisposeScope())
            {
                var source = x.Tensor.as_strided([lengths[k], before, after], [after, lengths[k] * after, 1], x.Tensor.storage_offset() + x.Offset);
                unfolding.as_strided([lengths[k], before, after], [before * after, after, 1]).copy_(source);
            }

            var front = Matrix.Of(unfolding, lengths[k], before * after);
            Products.Multiply(front, false, front, true, c, alpha, beta);
        }
    }

    /// <summary><c>Y = X ×₀ M₀ᵀ ×₁ M₁ᵀ …</c>, or with M instead of Mᵀ. A null matrix is the identity.</summary>
    /// <param name="x">The unfolding along dimension 0.</param>
    /// <param name="lengths">The dimensions.</param>
    /// <param name="matrices">A symmetric or orthogonal matrix for each dimension, or null.</param>
    /// <param name="transpose">Multiplies by M instead of Mᵀ.</param>
    /// <param name="y">Where the result goes; the same shape as <paramref name="x"/>, no overlap.</param>
    public static void Apply(in Matrix x, IReadOnlyList<long> lengths, IReadOnlyList<Tensor?> matrices, bool transpose, in Matrix y)
    {
        var order = lengths.Count;
        if (order == 2 && (matrices[0] is null || matrices[1] is null))
        {
            ApplyOneSided(x, matrices[0], matrices[1], transpose, y);
            return;
        }

        var elements = x.Rows * x.Columns;
        var current = x;
        for (var k = 0; k < order; k++)
        {
            var rest = elements / lengths[k];
            Matrix next;
            if (k < order - 1)
                next = Matrix.Of(Scratch.Get(k % 2 == 0 ? Scratch.Slot.Ping : Scratch.Slot.Pong, elements, x.Tensor.dtype, x.Tensor.device), rest, lengths[k]);
            else
                next = order == 2 ? y : y.Reshape(rest, lengths[k]);

            if (matrices[k] is { } matrix)
                Products.Multiply(current, true, Matrix.Of(matrix, lengths[k], lengths[k]), transpose, next);
            else
                CopyTransposed(current, next);
            if (k < order - 1)
                current = next.Reshape(lengths[k + 1], elements / lengths[k + 1]);
        }
    }

    private static void ApplyOneSided(in Matrix x, Tensor? left, Tensor? right, bool transpose, in Matrix y)
    {
        if (left is not null)
            Products.Multiply(Matrix.Of(left, x.Rows, x.Rows), !transpose, x, false, y);
        else if (right is not null)
            Products.Multiply(x, false, Matrix.Of(right, x.Columns, x.Columns), transpose, y);
        else
            Copy(x, y);
    }

    private static void CopyTransposed(in Matrix from, in Matrix to)
    {
        using var scope = NewDisposeScope();
        to.View().copy_(from.View().t());
    }

    private static void Copy(in Matrix from, in Matrix to)
    {
        using var scope = NewDisposeScope();
        to.View().copy_(from.View());
    }

    private static long Product(IReadOnlyList<long> lengths, int start, int end)
    {
        var product = 1L;
        for (var i = start; i < end; i++)
            product *= lengths[i];
        return product;
    }
}
