using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>The new roots of one block, computed beside the old ones, or why there are none.</summary>
/// <param name="Roots">A root for each dimension; null where the old one is still fresh enough.</param>
/// <param name="Bases">The eigenvectors, where staleness is measured.</param>
/// <param name="Failure">What went wrong; then there are no roots.</param>
internal sealed record RootRefresh(Tensor?[] Roots, Tensor?[] Bases, Exception? Failure) : IDisposable
{
    /// <summary>Computes the roots of one block's factors. Never throws for a root that fails; the tensors are free of dispose scopes.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="bases">The eigenvectors of the last refresh, where staleness is measured.</param>
    /// <param name="request">The rest.</param>
    public static RootRefresh Compute(IReadOnlyList<Tensor> factors, IReadOnlyList<Tensor>? bases, RootRequest request)
    {
        using var noGradient = AutogradOff.Enter();
        var roots = new Tensor?[factors.Count];
        var newBases = new Tensor?[factors.Count];
        try
        {
            for (var k = 0; k < factors.Count; k++)
            {
                if (bases is not null && !request.First && IsFresh(factors[k], bases[k], request.StalenessTolerance))
                    continue;
                if (bases is null)
                {
                    roots[k] = Kept(InverseRoot.Compute(factors[k], request.Exponent, request.Epsilon, request.Scale, request.Method, request.Eigensolver), request.DType);
                }
                else
                {
                    roots[k] = Kept(InverseRoot.ByEigendecomposition(factors[k], request.Exponent, request.Epsilon, request.Scale, request.Eigensolver, out var basis), request.DType);
                    using (basis.DetachFromDisposeScope())
                        newBases[k] = basis.to(factors[k].dtype, copy: true).DetachFromDisposeScope();
                }
            }

            return new RootRefresh(roots, newBases, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            new RootRefresh(roots, newBases, null).Dispose();
            return Failed(failure);
        }
    }

    /// <summary>Roots that stand where they belong already.</summary>
    public static RootRefresh InPlace { get; } = new([], [], null);

    /// <summary>No roots, and why.</summary>
    public static RootRefresh Failed(Exception failure) => new([], [], failure);

    /// <summary>Room for a root of each dimension.</summary>
    public static RootRefresh Empty(int order) => new(new Tensor?[order], new Tensor?[order], null);

    /// <summary>This, or a failure if a root is not finite.</summary>
    public RootRefresh Judged() => this.Judged([.. this.Roots.OfType<Tensor>().Select(static root => Numbers.AreFinite(root) ? 0.0 : double.NaN)]);

    /// <summary>This, or a failure if a root turns out not to be finite.</summary>
    public RootRefresh Judged(ReadOnlySpan<double> sums)
    {
        foreach (var sum in sums)
        {
            if (double.IsFinite(sum))
                continue;
            this.Dispose();
            return Failed(new ArithmeticException("The root has entries that are not finite."));
        }

        return this;
    }

    public void Dispose()
    {
        foreach (var root in this.Roots)
            root?.Dispose();
        foreach (var basis in this.Bases)
            basis?.Dispose();
    }

    /// <summary>In the type it is kept in: what is finite in float64 may not be so there, and that is judged.</summary>
    private static Tensor Kept(Tensor root, ScalarType dtype)
    {
        if (root.dtype == dtype)
            return root.DetachFromDisposeScope();
        using (root)
            return root.to(dtype).DetachFromDisposeScope();
    }

    /// <summary><c>‖B − diag B‖ ≤ τ ‖B‖</c>, <c>B = Qᵀ A Q</c>.</summary>
    private static bool IsFresh(Tensor factor, Tensor basis, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var alone = OneBlasThread.Enter();
        var b = basis.t().mm(factor).mm(basis);
        var sums = Numbers.Read([b.Squared().sum(ScalarType.Float64), b.diagonal().Squared().sum(ScalarType.Float64)]);
        return sums[0] - sums[1] <= tolerance * tolerance * sums[0];
    }
}

/// <summary>What is asked of a refresh, the same for all blocks of a parameter.</summary>
/// <param name="Exponent">p of <c>(s A + ε I)^(−p)</c>.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Scale">s.</param>
/// <param name="Method">How.</param>
/// <param name="StalenessTolerance">How far a factor may be from diagonal in its old basis before its root is computed anew.</param>
/// <param name="First">Whether there is no root yet.</param>
/// <param name="DType">The type that the roots are kept in.</param>
/// <param name="Eigensolver">What decomposes.</param>
internal readonly record struct RootRequest(double Exponent, double Epsilon, double Scale, RootMethod Method, double StalenessTolerance, bool First, ScalarType DType, Eigensolver Eigensolver);
