using System.Runtime.Intrinsics;
using OptBias.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Baselines;

/// <summary>
/// The floor of memory: bare loops that read and write as many arrays as a rule's passes do and compute next to nothing, with
/// addresses fetched once and for all, on the same threads. What a step costs above it is not memory's doing.
/// </summary>
public sealed unsafe class Floor : IDisposable
{
    private readonly List<Tensor[]> arrays;
    private readonly List<Pass> passes = [];
    private readonly long[] starts;
    private readonly long[] counts;
    private readonly long total;

    /// <summary>The floor under one optimizer on some parameters.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="parameters">The parameters, whose sizes count.</param>
    public Floor(UpdatePlan plan, IReadOnlyList<Parameter> parameters)
    {
        var shapes = plan.Steps.Cast<PassStep>().Select(p => (Reads: p.Shape.Tensors.Length, Writes: p.Shape.Writes.Length)).ToList();
        this.arrays = Enumerable.Range(0, shapes.Max(s => s.Reads))
            .Select(_ => parameters.Select(p => ones_like(p, requires_grad: false).DetachFromDisposeScope()).ToArray()).ToList();
        this.counts = parameters.Select(p => p.numel()).ToArray();
        this.starts = new long[parameters.Count];
        for (var k = 0; k < parameters.Count; k++)
        {
            this.starts[k] = this.total;
            this.total += (this.counts[k] + 63) / 64 * 64;
        }

        foreach (var (reads, writes) in shapes)
        {
            var addresses = new nint[parameters.Count * reads];
            for (var k = 0; k < parameters.Count; k++)
            {
                for (var a = 0; a < reads; a++)
                    addresses[(k * reads) + a] = Native.TorchNative.Data(this.arrays[a][k].Handle);
            }

            this.passes.Add(new Pass(LoopOf(reads, writes), reads, addresses));
        }
    }

    /// <summary>Moves the memory once.</summary>
    public void Run()
    {
        foreach (var pass in this.passes)
        {
            fixed (nint* addresses = pass.Addresses)
            fixed (long* starts = this.starts, counts = this.counts)
            {
                var region = new Region { Loop = pass.Loop, Addresses = addresses, Starts = starts, Counts = counts, Rows = this.counts.Length, Reads = pass.Reads, Total = this.total, Workers = Workers.CountFor(this.total) };
                Workers.Run(region.Workers, &Work, &region);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in this.arrays.SelectMany(a => a))
            tensor.Dispose();
    }

    private static void Work(int worker, void* data)
    {
        var region = (Region*)data;
        var first = region->Total * worker / region->Workers / 64 * 64;
        var last = worker == region->Workers - 1 ? region->Total : region->Total * (worker + 1) / region->Workers / 64 * 64;
        for (var row = 0; row < region->Rows; row++)
        {
            var start = Math.Max(0, first - region->Starts[row]);
            var end = Math.Min(region->Counts[row], last - region->Starts[row]);
            if (start < end)
                region->Loop(region->Addresses + (row * region->Reads), start, end);
        }
    }

    private static delegate*<nint*, long, long, void> LoopOf(int reads, int writes) => (reads, writes) switch
    {
        (2, 1) => &Loop21,
        (3, 2) => &Loop32,
        (4, 3) => &Loop43,
        (5, 4) => &Loop54,
        _ => throw new ArgumentException($"There is no floor for {reads} arrays read and {writes} written; there is one for 2 and 1, 3 and 2, 4 and 3, 5 and 4."),
    };

    private static void Loop21(nint* x, long i, long end)
    {
        float* a = (float*)x[0], b = (float*)x[1];
        for (; i <= end - 16; i += 16)
            (Vector512.Load(a + i) + Vector512.Load(b + i)).Store(a + i);
        for (; i < end; i++)
            a[i] += b[i];
    }

    private static void Loop32(nint* x, long i, long end)
    {
        float* a = (float*)x[0], b = (float*)x[1], c = (float*)x[2];
        for (; i <= end - 16; i += 16)
        {
            var g = Vector512.Load(b + i);
            (Vector512.Load(a + i) + g).Store(a + i);
            (Vector512.Load(c + i) + g).Store(c + i);
        }

        for (; i < end; i++)
        {
            a[i] += b[i];
            c[i] += b[i];
        }
    }

    private static void Loop43(nint* x, long i, long end)
    {
        float* a = (float*)x[0], b = (float*)x[1], c = (float*)x[2], d = (float*)x[3];
        for (; i <= end - 16; i += 16)
        {
            var g = Vector512.Load(b + i);
            (Vector512.Load(a + i) + g).Store(a + i);
            (Vector512.Load(c + i) + g).Store(c + i);
            (Vector512.Load(d + i) + g).Store(d + i);
        }

        for (; i < end; i++)
        {
            a[i] += b[i];
            c[i] += b[i];
            d[i] += b[i];
        }
    }

    private static void Loop54(nint* x, long i, long end)
    {
        float* a = (float*)x[0], b = (float*)x[1], c = (float*)x[2], d = (float*)x[3], e = (float*)x[4];
        for (; i <= end - 16; i += 16)
        {
            var g = Vector512.Load(b + i);
            (Vector512.Load(a + i) + g).Store(a + i);
            (Vector512.Load(c + i) + g).Store(c + i);
            (Vector512.Load(d + i) + g).Store(d + i);
            (Vector512.Load(e + i) + g).Store(e + i);
        }

        for (; i < end; i++)
        {
            a[i] += b[i];
            c[i] += b[i];
            d[i] += b[i];
            e[i] += b[i];
        }
    }

    private sealed record Pass(nint LoopAddress, int Reads, nint[] Addresses)
    {
        public Pass(delegate*<nint*, long, long, void> loop, int reads, nint[] addresses)
            : this((nint)loop, reads, addresses)
        {
        }

        public delegate*<nint*, long, long, void> Loop => (delegate*<nint*, long, long, void>)this.LoopAddress;
    }

    private struct Region
    {
        public delegate*<nint*, long, long, void> Loop;
        public nint* Addresses;
        public long* Starts;
        public long* Counts;
        public int Rows;
        public int Reads;
        public long Total;
        public int Workers;
    }
}
