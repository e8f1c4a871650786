using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// The BLAS inside libtorch, called on the tensors' own memory: coefficients in full precision (TorchSharp's
/// <c>addmm_</c> takes them as float32), submatrices without views, nothing allocated.
/// </summary>
/// <remarks>
/// Not every build of libtorch exports the Fortran symbols (Linux does; its threads are those of
/// <c>torch.set_num_threads</c>). Where they are missing or do not compute a known product, <see cref="IsAvailable"/> is
/// false and products go through TorchSharp.
/// </remarks>
internal static unsafe class NativeBlas
{
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, long*, float*, float*, long*, float*, long*, float*, float*, long*, void> Sgemm;
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, long*, double*, double*, long*, double*, long*, double*, double*, long*, void> Dgemm;

    static NativeBlas()
    {
        // Creating a tensor makes TorchSharp load its natives by its own rules; both handles below are then those.
        using (torch.zeros(1))
        {
        }

        if (!TryFind("sgemm_", out var sgemm) || !TryFind("dgemm_", out var dgemm))
            return;
        Sgemm = (delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, long*, float*, float*, long*, float*, long*, float*, float*, long*, void>)sgemm;
        Dgemm = (delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, long*, double*, double*, long*, double*, long*, double*, double*, long*, void>)dgemm;
        IsAvailable = ComputesKnownProduct();
    }

    /// <summary>Whether products can be computed here.</summary>
    public static bool IsAvailable { get; }

    /// <summary>Row-major <c>C ← α op(A) op(B) + β C</c>; C is m × n, op(A) m × k.</summary>
    public static void Gemm(bool transposeA, bool transposeB, long m, long n, long k, double alpha, nint a, long strideA, nint b, long strideB, double beta, nint c, long strideC, bool isDouble)
    {
        // Fortran sees a row-major matrix as its transpose, so Cᵀ = op(B)ᵀ op(A)ᵀ is computed. The lengths are passed as
        // 64-bit: read as 32-bit on a little-endian machine they are the same.
        var ta = (byte)(transposeA ? 'T' : 'N');
        var tb = (byte)(transposeB ? 'T' : 'N');
        strideA = Math.Max(1, strideA);
        strideB = Math.Max(1, strideB);
        strideC = Math.Max(1, strideC);
        if (isDouble)
        {
            Dgemm(&tb, &ta, &n, &m, &k, &alpha, (double*)b, &strideB, (double*)a, &strideA, &beta, (double*)c, &strideC);
        }
        else
        {
            var alpha32 = (float)alpha;
            var beta32 = (float)beta;
            Sgemm(&tb, &ta, &n, &m, &k, &alpha32, (float*)b, &strideB, (float*)a, &strideA, &beta32, (float*)c, &strideC);
        }
    }

    /// <summary>Finds a symbol of libtorch.</summary>
    public static bool TryFind(string symbol, out nint address)
    {
        address = 0;
        return NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out var torchSharp) && TryFind(torchSharp, symbol, out address);
    }

    private static bool TryFind(nint torchSharp, string symbol, out nint address) =>
        NativeLibrary.TryGetExport(torchSharp, symbol, out address)
        || (NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library) && NativeLibrary.TryGetExport(library, symbol, out address));

    private static bool ComputesKnownProduct()
    {
        if (!BitConverter.IsLittleEndian)
            return false;
        double* a = stackalloc double[] { 1, 2, 3, 4, 5, 6 };
        double* b = stackalloc double[] { 1, -1, 2 };
        double* c = stackalloc double[] { 100, 200 };
        Gemm(false, false, 2, 1, 3, 2, (nint)a, 3, (nint)b, 1, 0.5, (nint)c, 1, isDouble: true);
        float* a32 = stackalloc float[] { 1, 2, 3, 4, 5, 6 };
        float* b32 = stackalloc float[] { 1, -1, 2 };
        float* c32 = stackalloc float[] { 100, 200 };
        Gemm(false, false, 2, 1, 3, 2, (nint)a32, 3, (nint)b32, 1, 0.5, (nint)c32, 1, isDouble: false);
        return c[0] == 60 && c[1] == 122 && c32[0] == 60 && c32[1] == 122;
    }
}
