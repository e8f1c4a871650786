using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Eigenvalues in ascending order and eigenvectors in columns of a symmetric float64 matrix, of which only the lower triangle need be valid.</summary>
internal delegate (Tensor Values, Tensor Vectors) Eigensolver(Tensor symmetric);

/// <summary>Inverse roots of symmetric positive semidefinite matrices.</summary>
public static class InverseRoot
{
    internal static readonly Eigensolver LinalgEigh = static symmetric => linalg.eigh(symmetric);

    /// <summary><c>(s A + ε I)^(−p)</c> of a symmetric positive semidefinite A.</summary>
    /// <param name="matrix">A, n × n, float32 or float64. Only the lower triangle is read by <see cref="RootMethod.Eigen"/>.</param>
    /// <param name="exponent">p, in (0, ∞). <see cref="RootMethod.CoupledNewton"/> takes 1/r with a whole r.</param>
    /// <param name="epsilon">ε, in [0, ∞). With ε = 0 the root is taken on the range of A and is zero on its null space.</param>
    /// <param name="scale">s, in (0, ∞): a bias correction.</param>
    /// <param name="method">How.</param>
    /// <returns>The root, n × n, with the dtype and device of A. It belongs to the caller.</returns>
    /// <remarks>
    /// The default works in float64 whatever the dtype of A: at condition 1e6 a float32 eigendecomposition errs by 1e-2.
    /// If rounding has made the smallest eigenvalue of A negative, the whole spectrum is lifted until it is zero.
    /// </remarks>
    /// <exception cref="ArgumentException">A is not square, or the exponent does not suit the method.</exception>
    /// <exception cref="ArithmeticException">The iteration did not converge.</exception>
    public static Tensor Compute(Tensor matrix, double exponent, double epsilon, double scale = 1, RootMethod method = RootMethod.Eigen)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.dim() != 2 || matrix.shape[0] != matrix.shape[1])
            throw new ArgumentException($"An inverse root needs a square matrix, this one is [{string.Join(", ", matrix.shape)}].", nameof(matrix));
        if (!(exponent > 0 && double.IsFinite(exponent)))
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The exponent of an inverse root must be in (0, ∞).");
        return Compute(matrix, exponent, epsilon, scale, method, LinalgEigh);
    }

    internal static Tensor Compute(Tensor matrix, double exponent, double epsilon, double scale, RootMethod method, Eigensolver eigensolver)
    {
        using var noGradient = AutogradOff.Enter();
        if (method == RootMethod.CoupledNewton)
            return CoupledNewton.Compute(matrix, exponent, epsilon, scale);
        var root = ByEigendecomposition(matrix, exponent, epsilon, scale, eigensolver, out var basis);
        basis.Dispose();
        return root;
    }

    /// <summary>By eigendecomposition, of one matrix or of a stack of them; also gives the eigenvectors (float64, ascending), which belong to the caller.</summary>
    internal static Tensor ByEigendecomposition(Tensor matrix, double exponent, double epsilon, double scale, Eigensolver eigensolver, out Tensor basis)
    {
        using var alone = OneBlasThread.Enter();
        using var scope = NewDisposeScope();
        var scaled = matrix.to(ScalarType.Float64, copy: true).Times_(scale);
        var (values, vectors) = Decompose(scaled, eigensolver);
        var smallest = values.narrow(-1, 0, 1);

        // On a device nobody waits for this: a root of such values is not finite, and that is seen before it is taken over.
        if (Numbers.ReadNow(smallest) is { } known && !double.IsFinite(known))
            throw new ArithmeticException("The eigendecomposition gave eigenvalues that are not finite.");
        values.Plus_(smallest.AtMost(0).negative().Plus_(epsilon), 1);

        // Half of the power on either side: the root is symmetric to the last bit.
        Tensor half;
        if (epsilon > 0)
        {
            // Beside eigenvalues of 1e40 the lift has swallowed ε, and left 0 where ε is meant.
            half = values.AtLeast(epsilon).ToPower(-exponent / 2);
        }
        else
        {
            var n = matrix.shape[^1];
            var cutoff = values.narrow(-1, n - 1, 1).Times(n * (matrix.dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1));
            half = values.ToPower(-exponent / 2).ZeroWhereAtMost_(values, cutoff);
        }

        var spread = vectors * half.unsqueeze(-2);
        basis = vectors.MoveToOuterDisposeScope();
        return spread.matmul(spread.mT).to(matrix.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>A decomposition that fails is tried once more on the matrix scaled to entries of at most 1: overflow and denormals stop the solver as well.</summary>
    internal static (Tensor Values, Tensor Vectors) Decompose(Tensor symmetric, Eigensolver eigensolver)
    {
        using var alone = OneBlasThread.Enter();
        try
        {
            return eigensolver(symmetric);
        }
        catch (Exception first) when (first is not OutOfMemoryException)
        {
            var largest = Numbers.Read(symmetric.abs().max());
            if (!double.IsFinite(largest) || largest == 0)
                throw;
            var (values, vectors) = eigensolver(symmetric.Times(1 / largest));
            return (values.Times(largest), vectors);
        }
    }
}
