using System.Runtime.InteropServices;
using OptBias.Kernels;
using TorchSharp;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Products that do not depend on each other, of whatever shapes: cut into panels and shared by libtorch's threads in one
/// parallel region. There the BLAS works on one thread, so many small products use all threads as well as a few
/// large ones do, none waits at the others' barriers, and results are the same for any number of threads.
/// </summary>
/// <remarks>A symmetric product costs half: only its lower triangle is computed, in panels (libtorch exports no syrk).</remarks>
internal sealed unsafe class GemmQueue : IDisposable
{
    /// <summary>Below this a region is not worth entering.</summary>
    private const double ShortestRegion = 2e6;

    /// <summary>Rows of a panel: long enough for the BLAS to work at full speed, short enough that threads end together.</summary>
    private const long PanelRows = 128;

    /// <summary>Pieces of a large product that are enough for all threads.</summary>
    private const long Pieces = 16;

    /// <summary>Rows of a panel of a triangle: the squares on its diagonal are computed whole.</summary>
    private const long TriangleRows = 64;

    private Job* jobs;
    private int capacity;
    private int count;
    private double operations;

    ~GemmQueue() => NativeMemory.Free(this.jobs);

    /// <summary>Row-major <c>C ← α op(A) op(B) + β C</c>; C is m × n, op(A) m × k.</summary>
    public void Add(bool transposeA, bool transposeB, long m, long n, long k, double alpha, nint a, long strideA, nint b, long strideB, double beta, nint c, long strideC, bool isDouble)
    {
        if (m == 0 || n == 0)
            return;
        var whole = new Job { TransposeA = transposeA, TransposeB = transposeB, IsDouble = isDouble, K = k, Alpha = alpha, Beta = beta, A = a, StrideA = strideA, B = b, StrideB = strideB, C = c, StrideC = strideC };
        var rows = 2.0 * m * n * k < ShortestRegion ? m : Math.Max(PanelRows, (long)(ShortestRegion / (2.0 * n * k)));

        // Few panels of rows are cut across, so that many threads have something to do: by the sizes, never by the threads.
        var across = Math.Max(1, Math.Min(Pieces * rows / m, n / PanelRows));
        var columns = 2.0 * m * n * k < ShortestRegion ? n : (n + across - 1) / across;
        for (var row = 0L; row < m; row += rows)
        {
            for (var column = 0L; column < n; column += columns)
                this.Push(whole, row, Math.Min(rows, m - row), column, Math.Min(columns, n - column));
        }
    }

    /// <summary>The lower triangle of <c>C ← α A Aᵀ + β C</c>, or of <c>α Aᵀ A + β C</c>; C is n × n, the sum has k terms. Above the diagonal C is arbitrary.</summary>
    public void AddSymmetric(bool transpose, long n, long k, double alpha, nint a, long strideA, double beta, nint c, long strideC, bool isDouble)
    {
        var whole = new Job { TransposeA = transpose, TransposeB = !transpose, IsDouble = isDouble, K = k, Alpha = alpha, Beta = beta, A = a, StrideA = strideA, B = a, StrideB = strideA, C = c, StrideC = strideC };
        var panels = Math.Max(1, (n + (TriangleRows / 2)) / TriangleRows);
        var rows = (n + panels - 1) / panels;

        // From the bottom: the long panels first.
        for (var row = (panels - 1) * rows; row >= 0; row -= rows)
        {
            var m = Math.Min(rows, n - row);
            if (m > 0)
                this.Push(whole, row, m, 0, row + m);
        }
    }

    /// <summary>Carries the products out and forgets them.</summary>
    public void Run()
    {
        if (this.count == 0)
            return;
        var workers = this.operations < ShortestRegion ? 1 : Math.Min(torch.get_num_threads(), this.count);
        var region = new Region { Jobs = this.jobs, Count = this.count };
        Workers.Run(workers, &Work, &region);
        this.count = 0;
        this.operations = 0;
    }

    /// <summary>Forgets what is waiting.</summary>
    public void Clear()
    {
        this.count = 0;
        this.operations = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(this.jobs);
        this.jobs = null;
        this.capacity = 0;
        GC.SuppressFinalize(this);
    }

    private static void Work(int worker, void* data)
    {
        using var alone = OneBlasThread.Enter();
        var region = (Region*)data;
        for (var i = Interlocked.Increment(ref region->Taken) - 1; i < region->Count; i = Interlocked.Increment(ref region->Taken) - 1)
        {
            ref var job = ref region->Jobs[i];
            NativeBlas.Gemm(job.TransposeA, job.TransposeB, job.M, job.N, job.K, job.Alpha, job.A, job.StrideA, job.B, job.StrideB, job.Beta, job.C, job.StrideC, job.IsDouble);
        }
    }

    /// <summary>Adds the panel of a product that begins at a row and a column.</summary>
    private void Push(Job job, long row, long m, long column, long n)
    {
        var size = job.IsDouble ? sizeof(double) : sizeof(float);
        job.M = m;
        job.N = n;
        job.A += (nint)(row * (job.TransposeA ? 1 : job.StrideA) * size);
        job.B += (nint)(column * (job.TransposeB ? job.StrideB : 1) * size);
        job.C += (nint)(((row * job.StrideC) + column) * size);
        if (this.count == this.capacity)
        {
            this.capacity = Math.Max(64, 2 * this.capacity);
            this.jobs = (Job*)NativeMemory.Realloc(this.jobs, (nuint)(this.capacity * sizeof(Job)));
        }

        this.jobs[this.count++] = job;
        this.operations += 2.0 * job.M * job.N * job.K;
    }

    private struct Job
    {
        public bool TransposeA;
        public bool TransposeB;
        public bool IsDouble;
        public long M;
        public long N;
        public long K;
        public double Alpha;
        public double Beta;
        public nint A;
        public long StrideA;
        public nint B;
        public long StrideB;
        public nint C;
        public long StrideC;
    }

    private struct Region
    {
        public Job* Jobs;
        public int Count;
        public int Taken;
    }
}
