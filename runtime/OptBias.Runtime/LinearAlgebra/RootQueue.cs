using System.Runtime.InteropServices;
using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Inverse roots of many factors at once, by eigendecomposition in float64, nothing allocated: each thread takes whole
/// matrices. A decomposition spends half its time where a second thread does not help it, and on several threads its last bits
/// depend on how many there are.
/// </summary>
internal sealed unsafe class RootQueue : IDisposable
{
    private static readonly Comparison<Job> LargestFirst = static (a, b) => a.Size != b.Size ? b.Size.CompareTo(a.Size) : a.Ticket.CompareTo(b.Ticket);

    private readonly List<Job> jobs = [];
    private readonly List<Workspace> workspaces = [];
    private readonly Arena results = new();
    private readonly List<(nint Result, nint Root, long Bytes)> targets = [];
    private bool[] failed = [];

    /// <summary>Whether it can be used at all.</summary>
    public static bool IsAvailable => NativeLapack.IsAvailable;

    /// <summary>Whether the eigensolver's workspace for a matrix of this size can be counted in 32 bits. Nothing may throw inside of a parallel region.</summary>
    public static bool Takes(long size) => NativeLapack.WorkSize(size) <= int.MaxValue;

    /// <summary>Roots that were asked for: the ticket of the next.</summary>
    public int Count => this.jobs.Count;

    /// <summary>Bytes of the roots that were asked for.</summary>
    public long Bytes => this.results.Used;

    /// <summary>Asks for <c>(s A + ε I)^(−p)</c> of a float64 factor; returns the ticket for <see cref="Failed"/> and <see cref="Deliver"/>.</summary>
    /// <param name="factor">A; its lower triangle is read.</param>
    /// <param name="root">Where <see cref="Deliver"/> writes the root, float32 or float64.</param>
    /// <param name="size">Its rows.</param>
    /// <param name="request">The rest.</param>
    public int Add(Tensor factor, Tensor root, long size, in RootRequest request)
    {
        var n = checked((int)size);
        var isDouble = root.dtype == ScalarType.Float64;
        var result = this.results.Take(size * size * (isDouble ? sizeof(double) : sizeof(float)));
        this.jobs.Add(new Job(this.jobs.Count, n, TorchNative.Data(factor.Handle), result, isDouble, request.Exponent, request.Epsilon, request.Scale));
        this.targets.Add((result, TorchNative.Data(root.Handle), size * size * (isDouble ? sizeof(double) : sizeof(float))));
        return this.jobs.Count - 1;
    }

    /// <summary>Whether the root with this ticket could not be computed, or is not finite in the type it is kept in. Valid until <see cref="Clear"/>.</summary>
    public bool Failed(int ticket) => this.failed[ticket];

    /// <summary>Writes the root with this ticket to its place. Nothing is written before, so that a block gets all of its roots or none.</summary>
    public void Deliver(int ticket)
    {
        var (from, to, bytes) = this.targets[ticket];
        Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
    }

    /// <summary>Computes all that was asked for.</summary>
    public void Run()
    {
        var count = this.jobs.Count;
        if (count == 0)
            return;
        if (this.failed.Length < count)
            this.failed = new bool[Math.Max(count, 2 * this.failed.Length)];
        this.jobs.Sort(LargestFirst);
        this.RunShared(torch.get_num_threads());
    }

    /// <summary>Forgets what was asked for.</summary>
    public void Clear()
    {
        this.jobs.Clear();
        this.targets.Clear();
        this.results.Reset();
    }

    public void Dispose()
    {
        this.results.Dispose();
        foreach (var workspace in this.workspaces)
            workspace.Dispose();
        this.workspaces.Clear();
    }

    private void RunShared(int threads)
    {
        var workers = Math.Min(threads, this.jobs.Count);
        for (var worker = 0; worker < workers; worker++)
            this.ReserveWorkspace(worker, this.jobs[0].Size);
        var handle = GCHandle.Alloc(this);
        try
        {
            var region = new Region { Queue = GCHandle.ToIntPtr(handle) };
            Workers.Run(workers, &Work, &region);
        }
        finally
        {
            handle.Free();
        }
    }

    private static void Work(int worker, void* data)
    {
        using var alone = OneBlasThread.Enter();
        var region = (Region*)data;
        var queue = (RootQueue)GCHandle.FromIntPtr(region->Queue).Target!;
        for (var i = Interlocked.Increment(ref region->Taken) - 1; i < queue.jobs.Count; i = Interlocked.Increment(ref region->Taken) - 1)
            queue.Compute(queue.jobs[i], queue.workspaces[worker]);
    }

    private void ReserveWorkspace(int worker, int size)
    {
        while (this.workspaces.Count <= worker)
            this.workspaces.Add(new Workspace());
        this.workspaces[worker].Reserve(size);
    }

    private void Compute(in Job job, Workspace workspace) =>
        this.failed[job.Ticket] = !(job.IsDouble ? Compute(job, workspace, (double*)job.Result) : Compute(job, workspace, (float*)job.Result));

    private static bool Compute<T>(in Job job, Workspace workspace, T* root)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var n = job.Size;
        var factor = (double*)job.Factor;
        var vectors = workspace.Matrix;
        var values = workspace.Values;
        Triangle.Mirror(factor, vectors, n);
        var whole = new Span<double>(vectors, n * n);
        System.Numerics.Tensors.TensorPrimitives.Multiply(whole, job.Scale, whole);
        if (!NativeLapack.Decompose(vectors, n, values, workspace.Work, workspace.IntegerWork) || !double.IsFinite(values[0]) || !double.IsFinite(values[n - 1]))
            return false;
        SpreadByHalfOfTheRoot(job, vectors, values);

        // (Q λ^(−p/2)) (Q λ^(−p/2))ᵀ, the lower triangle alone. The eigensolver's workspace is free by now and holds it.
        var result = workspace.Work;
        const long Rows = 64;
        for (var row = 0L; row < n; row += Rows)
        {
            var m = Math.Min(Rows, n - row);
            NativeBlas.Gemm(true, false, m, row + m, n, 1, (nint)(vectors + row), n, (nint)vectors, n, 0, (nint)(result + (row * n)), n, isDouble: true);
        }

        Triangle.Mirror(result, root, n);
        return HasFiniteDiagonal(root, n);
    }

    /// <summary>No entry of a positive semidefinite matrix is larger than the largest of its diagonal.</summary>
    private static bool HasFiniteDiagonal<T>(T* matrix, long n)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        for (var i = 0L; i < n; i++)
        {
            if (!T.IsFinite(matrix[(i * n) + i]))
                return false;
        }

        return true;
    }

    private static void SpreadByHalfOfTheRoot(in Job job, double* vectors, double* values)
    {
        var n = job.Size;
        var lift = job.Epsilon - Math.Min(0, values[0]);
        var cutoff = job.Epsilon > 0 ? double.NegativeInfinity : (values[n - 1] + lift) * n * (double.BitIncrement(1) - 1);
        for (var j = 0; j < n; j++)
        {
            // Beside eigenvalues of 1e40 the lift swallows ε, and leaves 0 where ε is meant.
            var value = Math.Max(values[j] + lift, job.Epsilon);
            var half = value <= cutoff ? 0 : Math.Pow(value, -job.Exponent / 2);
            var row = new Span<double>(vectors + ((long)j * n), n);
            System.Numerics.Tensors.TensorPrimitives.Multiply(row, half, row);
        }
    }

    private readonly record struct Job(int Ticket, int Size, nint Factor, nint Result, bool IsDouble, double Exponent, double Epsilon, double Scale);

    private struct Region
    {
        public nint Queue;
        public int Taken;
    }

    /// <summary>What one thread needs for the largest matrix so far.</summary>
    private sealed class Workspace : IDisposable
    {
        private int size;

        ~Workspace() => this.Free();

        public double* Matrix { get; private set; }

        public double* Values { get; private set; }

        public double* Work { get; private set; }

        public int* IntegerWork { get; private set; }

        public void Reserve(int n)
        {
            if (n <= this.size)
                return;
            this.Free();
            this.Matrix = (double*)NativeMemory.AlignedAlloc((nuint)((long)n * n * sizeof(double)), 64);
            this.Values = (double*)NativeMemory.AlignedAlloc((nuint)(n * sizeof(double)), 64);
            this.Work = (double*)NativeMemory.AlignedAlloc((nuint)(NativeLapack.WorkSize(n) * sizeof(double)), 64);
            this.IntegerWork = (int*)NativeMemory.AlignedAlloc((nuint)(NativeLapack.IntegerWorkSize(n) * sizeof(int)), 64);
            this.size = n;
        }

        public void Dispose()
        {
            this.Free();
            GC.SuppressFinalize(this);
        }

        private void Free()
        {
            NativeMemory.AlignedFree(this.Matrix);
            NativeMemory.AlignedFree(this.Values);
            NativeMemory.AlignedFree(this.Work);
            NativeMemory.AlignedFree(this.IntegerWork);
            this.Matrix = this.Values = this.Work = null;
            this.IntegerWork = null;
            this.size = 0;
        }
    }
}
