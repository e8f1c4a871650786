using System.Runtime.InteropServices;
using OptBias.Native;

namespace OptBias.Kernels;

/// <summary>
/// One fused pass over many parameters: a table of addresses, one flattened range of elements, one parallel region. The
/// buffers are native and kept from step to step, so that a step allocates nothing.
/// </summary>
internal sealed unsafe class FusedRun : IDisposable
{
    /// <summary>
    /// Elements whose sum is gathered in one go. Fixed, so that a sum does not depend on how many threads share the work,
    /// and short, so that float32 lanes add up few enough terms to stay exact to a part in a million.
    /// </summary>
    private const long SumChunk = 8 * 1024;

    /// <summary>Workers part at multiples of this: a cache line of float32 and more, so that no line is written by two.</summary>
    private const long Grain = 64;

    /// <summary>Elements after which gradients are set to zero: they are still in the nearest caches then.</summary>
    private const long ClearChunk = SumChunk;

    private readonly PassStep pass;

    /// <summary>The gradient's place among the tensors of the pass; -1 if the pass does without.</summary>
    private readonly int gradient;

    /// <summary>Whether each tensor of the pass holds one value per element, row or column; null where all hold one per element.</summary>
    private readonly TensorExtent[]? extents;
    private Row* rows;
    private nint* addresses;
    private StoredTensor* records;
    private double* scalars;
    private double* sums;
    private int rowCapacity;

    /// <summary>The parameters of the rows, those of earlier steps behind <see cref="count"/>.</summary>
    private ParameterState?[] states = [];
    private long sumCapacity;
    private int count;
    private int scalarSet;

    /// <summary>Whether some tensors are more than their numbers.</summary>
    private readonly bool hasRecords;

    public FusedRun(PassStep pass, UpdatePlan plan)
    {
        this.pass = pass;
        this.hasRecords = plan.Storage.StochasticRounding || plan.Storage.MasterWeights;
        this.gradient = Array.IndexOf(pass.Shape.Tensors, UpdatePlan.GradientTensor);
        this.extents = plan.ExtentsOf(pass.Shape);
    }

    private struct Row
    {
        public delegate*<nint*, double*, double*, long, long, void> Kernel;
        public nint* Addresses;
        public double* Scalars;
        public double* Sums;
        public long Start;
        public long Count;

        /// <summary><see cref="ParameterState.Version"/> for which kernel, addresses and count hold.</summary>
        public long Version;

        /// <summary>Whether the kernel is one for exact powers only.</summary>
        public bool ExactPowers;

        /// <summary>Bytes of an element of the gradient.</summary>
        public int GradientSize;

        /// <summary>The last two dimensions, for passes that read numbers of rows and columns.</summary>
        public MatrixLayout Layout;
    }

    /// <summary>Forgets the rows of the last step.</summary>
    public void Clear(int capacity)
    {
        this.count = 0;
        if (capacity <= this.rowCapacity)
            return;
        var shape = this.pass.Shape;
        this.rows = (Row*)NativeMemory.Realloc(this.rows, (nuint)(capacity * sizeof(Row)));
        this.addresses = (nint*)NativeMemory.Realloc(this.addresses, (nuint)(capacity * shape.Tensors.Length * sizeof(nint)));
        if (this.hasRecords)
            this.records = (StoredTensor*)NativeMemory.Realloc(this.records, (nuint)(capacity * shape.Tensors.Length * sizeof(StoredTensor)));
        this.scalars = (double*)NativeMemory.Realloc(this.scalars, (nuint)(capacity * Math.Max(1, shape.Scalars) * sizeof(double)));
        this.rowCapacity = capacity;
        this.states = new ParameterState?[capacity];
    }

    /// <summary>Adds a parameter. What an earlier step has written in its row and still holds is left as it is.</summary>
    /// <param name="state">The parameter.</param>
    /// <param name="scalarValues">Its scalars.</param>
    /// <param name="scalarSet">A number that differs where they may: parameters of one group share theirs.</param>
    public void Add(ParameterState state, ReadOnlySpan<double> scalarValues, int scalarSet)
    {
        var row = this.rows + this.count;
        var exactPowers = this.pass.Shape.HasExactPowers(scalarValues);
        if (this.states[this.count] != state || row->Version != state.Version || row->ExactPowers != exactPowers || this.hasRecords)
            this.Fill(row, state, exactPowers);
        if (this.count > 0 && this.scalarSet == scalarSet)
        {
            row->Scalars = row[-1].Scalars;
        }
        else
        {
            row->Scalars = this.scalars + (this.count * this.pass.Shape.Scalars);
            scalarValues.CopyTo(new Span<double>(row->Scalars, this.pass.Shape.Scalars));
            this.scalarSet = scalarSet;
        }

        row->Start = this.count > 0 ? (row[-1].Start + row[-1].Count + Grain - 1) / Grain * Grain : 0;
        this.count++;
    }

    private void Fill(Row* row, ParameterState state, bool exactPowers)
    {
        var shape = this.pass.Shape;
        this.states[this.count] = state;
        row->Version = state.Version;
        row->ExactPowers = exactPowers;
        row->Kernel = this.pass.Kernels.For(state.KeptParameter, state.KeptState, exactPowers);
        row->Addresses = this.addresses + (this.count * shape.Tensors.Length);
        row->Count = shape.Extent == TensorExtent.Element ? TorchNative.ElementCount(state.Parameter.Handle) : TensorExtents.CountOf(state.Parameter.shape, shape.Extent);
        row->GradientSize = state.DType switch { TorchSharp.torch.ScalarType.Float64 => 8, TorchSharp.torch.ScalarType.Float32 => 4, _ => 2 };
        if (this.extents is not null)
            row->Layout = MatrixLayout.Of(state.Parameter.shape, this.extents, state.ArithmeticType);
        for (var k = 0; k < shape.Tensors.Length; k++)
            row->Addresses[k] = this.hasRecords ? this.AddressOf(state, k) : state.AddressAt(shape.Tensors[k]);
    }

    /// <summary>Carries the pass out on all rows.</summary>
    /// <param name="clearsGradients">Leaves zeros where the gradients were.</param>
    /// <param name="flushesDenormals">Takes numbers below the normal format for zero.</param>
    public void Run(bool clearsGradients, bool flushesDenormals)
    {
        if (this.count == 0)
            return;
        var total = this.rows[this.count - 1].Start + this.rows[this.count - 1].Count;
        var gathers = this.pass.Shape.Sums.Length;
        if (gathers > 0)
            this.PrepareSums(gathers);

        var region = new Region { Rows = this.rows, Count = this.count, Total = total, Workers = Workers.CountFor(total), Gathers = gathers, Tensors = this.pass.Shape.Tensors.Length, Scalars = this.pass.Shape.Scalars, Cleared = clearsGradients ? this.gradient : -1, FlushesDenormals = flushesDenormals };
        fixed (TensorExtent* reach = this.extents)
        {
            region.Extents = reach;
            Workers.Run(region.Workers, &Work, &region);
        }

        if (gathers > 0)
            this.CollectSums(gathers);
        this.pass.Shape.BumpVersions(this.states.AsSpan(0, this.count));
    }

    public void Dispose()
    {
        NativeMemory.Free(this.rows);
        NativeMemory.Free(this.addresses);
        NativeMemory.Free(this.records);
        NativeMemory.Free(this.scalars);
        NativeMemory.Free(this.sums);
        this.rows = null;
        this.addresses = null;
        this.records = null;
        this.scalars = null;
        this.sums = null;
        this.rowCapacity = 0;
        this.states = [];
    }

    /// <summary>The address by which kernels know the pass's k-th tensor of the row that is being added.</summary>
    private nint AddressOf(ParameterState state, int k)
    {
        var number = this.pass.Shape.Tensors[k];
        var data = state.AddressAt(number);
        if (!state.StorageAt(number).HasRecord())
            return data;
        var record = this.records + (this.count * this.pass.Shape.Tensors.Length) + k;
        record->Data = data;
        record->Master = number == UpdatePlan.ParameterTensor && state.Master is { } master ? TorchNative.Data(master.Handle) : 0;
        record->Key = state.KeyOf(number);
        return (nint)record;
    }

    private static long Chunks(long elements) => (elements + SumChunk - 1) / SumChunk;

    private static void Work(int worker, void* data)
    {
        var region = (Region*)data;
        if (!region->FlushesDenormals || Denormals.AreFlushed)
        {
            WorkOn(region, worker);
            return;
        }

        Denormals.Flush(true);
        WorkOn(region, worker);
        Denormals.Flush(false);
    }

    private static void WorkOn(Region* region, int worker)
    {
        var grain = region->Gathers > 0 ? 1 : Grain;
        var first = region->Total * worker / region->Workers / grain * grain;
        var last = worker == region->Workers - 1 ? region->Total : region->Total * (worker + 1) / region->Workers / grain * grain;
        for (var row = region->Rows; row < region->Rows + region->Count; row++)
        {
            var start = Math.Max(0, first - row->Start);
            var end = Math.Min(row->Count, last - row->Start);
            if (start >= row->Count)
                continue;
            if (end <= 0 && row->Count > 0)
                break;
            if (region->Gathers == 0)
                RunRange(region, row, null, start, end);
            else
                GatherChunks(region, row, start, end);
        }
    }

    /// <summary>A worker takes the chunks that begin in its range, whole.</summary>
    private static void GatherChunks(Region* region, Row* row, long start, long end)
    {
        for (var chunk = Chunks(start); chunk * SumChunk < end; chunk++)
            RunRange(region, row, row->Sums + (chunk * region->Gathers), chunk * SumChunk, Math.Min(row->Count, (chunk + 1) * SumChunk));
    }

    private static void RunRange(Region* region, Row* row, double* sums, long start, long end)
    {
        if (region->Cleared < 0)
        {
            RunKernel(region, row, sums, start, end);
            return;
        }

        for (var i = start; i < end; i += ClearChunk)
        {
            var count = Math.Min(ClearChunk, end - i);
            RunKernel(region, row, sums, i, i + count);
            NativeMemory.Clear((void*)(row->Addresses[region->Cleared] + (nint)(i * row->GradientSize)), (nuint)(count * row->GradientSize));
        }
    }

    private static void RunKernel(Region* region, Row* row, double* sums, long start, long end)
    {
        if (region->Extents is null)
            row->Kernel(row->Addresses, row->Scalars, sums, start, end);
        else
            row->Layout.RunRows(row->Kernel, row->Addresses, region->Extents, region->Tensors, row->Scalars, region->Scalars, sums, start, end);
    }

    private void PrepareSums(int gathers)
    {
        long chunks = 0;
        for (var k = 0; k < this.count; k++)
            chunks += Chunks(this.rows[k].Count);
        if (chunks * gathers > this.sumCapacity)
        {
            this.sumCapacity = chunks * gathers;
            this.sums = (double*)NativeMemory.Realloc(this.sums, (nuint)(this.sumCapacity * sizeof(double)));
        }

        NativeMemory.Clear(this.sums, (nuint)(chunks * gathers * sizeof(double)));
        var next = this.sums;
        for (var k = 0; k < this.count; k++)
        {
            this.rows[k].Sums = next;
            next += Chunks(this.rows[k].Count) * gathers;
        }
    }

    private void CollectSums(int gathers)
    {
        for (var k = 0; k < this.count; k++)
        {
            for (var chunk = 0; chunk < Chunks(this.rows[k].Count); chunk++)
            {
                for (var g = 0; g < gathers; g++)
                    this.states[k]!.Sums[this.pass.Shape.Sums[g]] += this.rows[k].Sums[(chunk * gathers) + g];
            }
        }
    }

    private struct Region
    {
        public Row* Rows;
        public int Count;
        public long Total;
        public int Workers;
        public int Gathers;
        public TensorExtent* Extents;
        public int Tensors;
        public int Scalars;

        /// <summary>The place of the tensor that is set to zero behind the kernel; -1 for none.</summary>
        public int Cleared;
        public bool FlushesDenormals;
    }
}
