using System.Runtime.InteropServices;
using OptBias.Kernels;
using OptBias.Native;

namespace OptBias.Cuda;

/// <summary>
/// One pass over the parameters that share a module: their table goes to the device in one copy, one launch works on them, and
/// the sums, if the pass gathers any, come back in one copy.
/// </summary>
internal sealed unsafe class KernelLaunch(KernelModule module, PassStep pass, UpdatePlan plan) : IDisposable
{
    /// <summary>Whether some tensor holds one value for each row or column of the last two dimensions, or of the matrix [first dimension, all others].</summary>
    private readonly (bool Last, bool Whole) layouts = LayoutsOf(plan.ExtentsOf(pass.Shape) ?? []);
    private readonly LaunchTable table = new(pass.Shape.Tensors.Length, pass.Shape.Scalars, LayoutsOf(plan.ExtentsOf(pass.Shape) ?? []) switch { (true, true) => 2, (false, false) => 0, _ => 1 });
    private readonly List<ParameterState> states = [];

    // While the device still reads one, the next step writes the other.
    private readonly Staging[] stagings = [new(), new()];
    private int turn;
    private Buffer rowsAndScalars;
    private Buffer chunks;
    private Buffer sums;
    private double[] hostSums = [];

    private struct Buffer
    {
        public nint Address;
        public long Capacity;
    }

    private sealed class Staging
    {
        public nint Address;
        public long Capacity;
        public nint Mark;
    }

    /// <summary>The module.</summary>
    public KernelModule Module => module;

    /// <summary>The parameters, in the order of the table.</summary>
    public ReadOnlySpan<ParameterState> States => CollectionsMarshal.AsSpan(this.states);

    public void Clear()
    {
        this.table.Clear();
        this.states.Clear();
    }

    public void Add(ParameterState state, ReadOnlySpan<double> scalars)
    {
        var tensors = pass.Shape.Tensors;
        var addresses = stackalloc nint[tensors.Length];
        for (var k = 0; k < tensors.Length; k++)
            addresses[k] = TorchNative.Data(state.HandleAt(tensors[k]));
        Span<long> dimensions = stackalloc long[4];
        this.table.Add(
            new ReadOnlySpan<nint>(addresses, tensors.Length),
            pass.Shape.Extent == TensorExtent.Element ? TorchNative.ElementCount(state.Parameter.Handle) : TensorExtents.CountOf(state.Parameter.shape, pass.Shape.Extent),
            scalars[..pass.Shape.Scalars],
            dimensions[..this.WriteDimensions(state, dimensions)]);
        this.states.Add(state);
    }

    /// <summary>Rows and columns of each layout that the kernel asks for; returns how many numbers those are.</summary>
    private int WriteDimensions(ParameterState state, Span<long> dimensions)
    {
        var written = 0;
        if (this.layouts.Last)
        {
            (dimensions[0], dimensions[1]) = TensorExtents.LastDimensions(state.Parameter.shape);
            written = 2;
        }

        if (this.layouts.Whole)
        {
            var shape = state.Parameter.shape;
            (dimensions[written], dimensions[written + 1]) = (TensorExtents.CountOf(shape, TensorExtent.MatrixRow), TensorExtents.CountOf(shape, TensorExtent.MatrixColumn));
            written += 2;
        }

        return written;
    }

    private static (bool Last, bool Whole) LayoutsOf(TensorExtent[] extents) => (
        Array.Exists(extents, static extent => extent is TensorExtent.Row or TensorExtent.Column),
        Array.Exists(extents, static extent => extent.IsOfWholeMatrix()));

    /// <summary>Carries the pass out; where it gathers sums, adds them to those of the parameters.</summary>
    public void Run()
    {
        this.table.Complete();
        if (this.table.Chunks.IsEmpty)
            return;
        var device = module.Device;
        device.Enter();
        try
        {
            this.Upload(device);
            var gathers = pass.Shape.Sums.Length;
            var wanted = (long)this.table.Chunks.Length * gathers * sizeof(double);
            Grow(device, ref this.sums, wanted);
            var argument = new KernelTable
            {
                Chunks = this.chunks.Address,
                Rows = this.rowsAndScalars.Address,
                Scalars = this.rowsAndScalars.Address + (nint)(this.table.Rows.Length * sizeof(long)),
                Sums = this.sums.Address,
                Count = this.table.Chunks.Length,
            };
            device.Launch(module.Kernel(pass.Shape.Kernel!), argument, Math.Min(device.MostBlocks, this.table.Chunks.Length));
            if (gathers > 0)
                this.CollectSums(device, wanted, gathers);
        }
        finally
        {
            device.Leave();
        }
    }

    public void Dispose()
    {
        var device = module.Device;
        device.Enter();
        try
        {
            foreach (var buffer in new[] { this.rowsAndScalars, this.chunks, this.sums })
                device.Free(buffer.Address);
            foreach (var staging in this.stagings)
            {
                // What is still being copied must arrive first.
                device.Wait(staging.Mark);
                device.FreeMark(staging.Mark);
                device.FreeHost(staging.Address);
            }

            (this.rowsAndScalars, this.chunks, this.sums) = (default, default, default);
        }
        finally
        {
            device.Leave();
        }
    }

    private static void Grow(IKernelDevice device, ref Buffer buffer, long bytes)
    {
        if (bytes <= buffer.Capacity)
            return;
        device.Free(buffer.Address);
        buffer = new Buffer { Address = device.Allocate(bytes), Capacity = bytes };
    }

    /// <summary>Rows and scalars in one copy, and the chunks in another where they have changed.</summary>
    private void Upload(IKernelDevice device)
    {
        var rows = MemoryMarshal.AsBytes(this.table.Rows);
        var scalars = MemoryMarshal.AsBytes(this.table.Scalars);
        var cuts = this.table.ChunksChanged ? MemoryMarshal.AsBytes(this.table.Chunks) : default;
        long first = rows.Length + scalars.Length;

        var staging = this.stagings[this.turn ^= 1];
        device.Wait(staging.Mark);
        if (first + cuts.Length > staging.Capacity)
        {
            device.FreeHost(staging.Address);
            (staging.Address, staging.Capacity) = (device.AllocateHost(first + cuts.Length), first + cuts.Length);
        }

        var host = new Span<byte>((void*)staging.Address, checked((int)staging.Capacity));
        rows.CopyTo(host);
        scalars.CopyTo(host[rows.Length..]);
        cuts.CopyTo(host[(int)first..]);
        Grow(device, ref this.rowsAndScalars, first);
        device.Upload(this.rowsAndScalars.Address, staging.Address, first);
        if (cuts.Length > 0)
        {
            Grow(device, ref this.chunks, cuts.Length);
            device.Upload(this.chunks.Address, staging.Address + (nint)first, cuts.Length);
        }

        staging.Mark = device.Mark(staging.Mark);
    }

    /// <summary>The shares of the chunks, added up in their order: the same sum however many blocks there were.</summary>
    private void CollectSums(IKernelDevice device, long bytes, int gathers)
    {
        var chunks = this.table.Chunks;
        if (this.hostSums.Length < chunks.Length * gathers)
            this.hostSums = new double[chunks.Length * gathers];
        fixed (double* host = this.hostSums)
            device.Download((nint)host, this.sums.Address, bytes);
        for (var c = 0; c < chunks.Length; c++)
        {
            for (var k = 0; k < gathers; k++)
                this.states[chunks[c].Row].Sums[pass.Shape.Sums[k]] += this.hostSums[(c * gathers) + k];
        }
    }
}
