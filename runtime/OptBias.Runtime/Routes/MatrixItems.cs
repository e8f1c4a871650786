using OptBias.Kernels;
using OptBias.LinearAlgebra;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>A gradient whose Gram matrices are added to the factors of its blocks.</summary>
/// <param name="Blocks">All blocks of the parameter.</param>
/// <param name="Gradient">The gradient, in the parameter's shape.</param>
/// <param name="Statistic">What the factors estimate.</param>
/// <param name="Decay">What remains of the old factors.</param>
/// <param name="Weight">Weight of the new term.</param>
internal readonly record struct FactorUpdate(IReadOnlyList<KroneckerBlock> Blocks, Tensor Gradient, KroneckerStatistic Statistic, double Decay, double Weight);

/// <summary>An update that is multiplied by the roots of its blocks: <c>u ×ₖ R_k</c>.</summary>
/// <param name="Blocks">All blocks of the parameter.</param>
/// <param name="Input">u, in the parameter's shape.</param>
/// <param name="Output">Where the result goes; may be the input.</param>
internal readonly record struct Multiplication(IReadOnlyList<KroneckerBlock> Blocks, Tensor Input, Tensor Output) : IMatrixProblem<Multiplication>
{
    /// <summary>The type of the roots.</summary>
    public ScalarType DType => this.Blocks[0].Roots[0].dtype;

    public static void Solve(ReadOnlySpan<Multiplication> problems, MatrixRoutes routes)
    {
        foreach (ref readonly var problem in problems)
            routes.Multiply(problem);
        routes.Run();
    }
}

/// <summary>A tensor that is brought into a basis, <c>x ×ₖ Q_kᵀ</c>, or back from it.</summary>
/// <param name="Basis">The basis.</param>
/// <param name="Input">x, in the parameter's shape.</param>
/// <param name="Output">Where the result goes; may be the input.</param>
/// <param name="Transpose">Back from the basis.</param>
internal readonly record struct Rotation(KroneckerBasis Basis, Tensor Input, Tensor Output, bool Transpose) : IMatrixProblem<Rotation>
{
    public static void Solve(ReadOnlySpan<Rotation> problems, MatrixRoutes routes)
    {
        foreach (ref readonly var problem in problems)
            routes.Rotate(problem);
        routes.Run();
    }
}

/// <summary>A gradient that is added to the factors of a basis.</summary>
/// <param name="Basis">The basis.</param>
/// <param name="Gradient">The gradient, in the parameter's shape.</param>
/// <param name="Decay">What remains of the old factors.</param>
/// <param name="Weight">Weight of the new term.</param>
/// <param name="Refreshes">Whether the basis is then refreshed.</param>
/// <param name="SecondMoments">Statistics kept in the basis, permuted with it.</param>
internal readonly record struct BasisUpdate(KroneckerBasis Basis, Tensor Gradient, double Decay, double Weight, bool Refreshes, Tensor[] SecondMoments) : IMatrixProblem<BasisUpdate>
{
    /// <summary>Whether it can be done together with others: a matrix, decomposed by libtorch. One more failure may be an error, which undoes what was accumulated: such a one goes by itself.</summary>
    public bool IsStackable =>
        this.Basis.Lengths.Count == 2 && ReferenceEquals(this.Basis.Eigensolver, InverseRoot.LinalgEigh) && !(this.Refreshes && this.Basis.HasFailedOften);

    public static void Solve(ReadOnlySpan<BasisUpdate> problems, MatrixRoutes routes)
    {
        foreach (ref readonly var problem in problems)
            routes.Follow(problem);
        routes.Run();
    }
}

/// <summary>A matrix to orthogonalise.</summary>
/// <param name="Input">u, of any order.</param>
/// <param name="Output">Where the result goes, of the same shape; may be the input.</param>
/// <param name="Rows">Rows of u as a matrix.</param>
/// <param name="Columns">Columns of u as a matrix.</param>
/// <param name="Steps">Iterations.</param>
/// <param name="Coefficients">Which polynomial.</param>
internal readonly record struct Orthogonalization(Tensor Input, Tensor Output, long Rows, long Columns, int Steps, NewtonSchulzCoefficients Coefficients) : IMatrixProblem<Orthogonalization>
{
    /// <summary>The type of the arithmetic.</summary>
    public ScalarType DType => StateStorage.ArithmeticTypeOf(this.Input.dtype);

    public static void Solve(ReadOnlySpan<Orthogonalization> problems, MatrixRoutes routes)
    {
        foreach (ref readonly var problem in problems)
            routes.Orthogonalize(problem);
        routes.Run();
    }
}
