using System.Runtime.InteropServices;
using TorchSharp;

namespace OptBias.LinearAlgebra;

/// <summary>The symmetric eigensolver inside libtorch, called on memory that exists already: <c>linalg.eigh</c> without its copies and tensors.</summary>
internal static unsafe class NativeLapack
{
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, void> Dsyevd = Find();

    /// <summary>Whether it is exported, takes 32-bit integers, and decomposes a known matrix.</summary>
    public static bool IsAvailable { get; } = Dsyevd is not null && DecomposesKnownMatrix();

    /// <summary>Doubles of workspace for a matrix of size n.</summary>
    public static long WorkSize(long n) => 1 + (6 * n) + (2 * n * n);

    /// <summary>Integers of workspace for a matrix of size n.</summary>
    public static long IntegerWorkSize(long n) => 3 + (5 * n);

    /// <summary>
    /// Eigenvalues, ascending, of a symmetric row-major matrix of which the upper triangle is read; its rows become the
    /// eigenvectors. What <c>linalg.eigh</c> does, bit for bit.
    /// </summary>
    /// <returns>Whether it converged.</returns>
    public static bool Decompose(double* matrix, int n, double* values, double* work, int* integerWork)
    {
        // Fortran sees the transpose: the upper triangle as the lower one, and columns where we see rows.
        byte vectors = (byte)'V', lower = (byte)'L';
        int workSize = checked((int)WorkSize(n)), integerWorkSize = checked((int)IntegerWorkSize(n)), info = 0;
        Dsyevd(&vectors, &lower, &n, matrix, &n, values, work, &workSize, integerWork, &integerWorkSize, &info);
        return info == 0;
    }

    private static delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, void> Find()
    {
        if (!NativeBlas.IsAvailable)
            return null;
        return NativeBlas.TryFind("dsyevd_", out var address)
            ? (delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, void>)address
            : null;
    }

    private static bool DecomposesKnownMatrix()
    {
        // Eigenvalues 1 and 3; what lies below the diagonal must not be read.
        double* matrix = stackalloc double[] { 2, 1, 1e9, 2 };
        double* values = stackalloc double[2];
        double* work = stackalloc double[(int)WorkSize(2)];
        int* integerWork = stackalloc int[(int)IntegerWorkSize(2)];
        return Decompose(matrix, 2, values, work, integerWork)
            && Math.Abs(values[0] - 1) < 1e-14 && Math.Abs(values[1] - 3) < 1e-14
            && Math.Abs(matrix[0] + matrix[1]) < 1e-14 && Math.Abs(matrix[2] - matrix[3]) < 1e-14;
    }
}
