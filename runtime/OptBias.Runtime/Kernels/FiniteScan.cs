using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// Looks whether gradients on the CPU are finite: one pass that only reads, over all of them, in one parallel region, and ends at the
/// first number that is not.
/// </summary>
/// <remarks>
/// A number is NaN or infinite if its exponent has all bits set. With the sign taken away, the lowest bit of the exponent added
/// carries into the place of the sign just then: an "and", a sum and an "or" for a vector of any of the four types, which no memory is
/// fast enough to wait for. Every worker goes through its share from the end, so that what it has read last, and what its
/// caches still hold, is what the update reads first.
/// </remarks>
internal sealed unsafe class FiniteScan : IDisposable
{
    /// <summary>Bytes between two looks at what others have found.</summary>
    private const long Chunk = 32 * 1024;

    /// <summary>Bytes for each worker below which another is not worth waking.</summary>
    private const long Share = 64 * 1024;

    private const long Alignment = 64;

    private Row* rows;
    private int capacity;
    private int count;
    private long bytes;

    ~FiniteScan() => NativeMemory.Free(this.rows);

    /// <summary>Whether the scan knows a type.</summary>
    public static bool Takes(ScalarType dtype) =>
        dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16;

    /// <summary>Adds contiguous numbers in native memory.</summary>
    /// <param name="address">Of the first.</param>
    /// <param name="elements">How many.</param>
    /// <param name="dtype">A type that <see cref="Takes"/>.</param>
    public void Add(nint address, long elements, ScalarType dtype)
    {
        if (elements == 0)
            return;
        if (this.count == this.capacity)
        {
            this.capacity = Math.Max(64, 2 * this.capacity);
            this.rows = (Row*)NativeMemory.Realloc(this.rows, (nuint)(this.capacity * sizeof(Row)));
        }

        var size = elements * SizeOf(dtype);
        this.rows[this.count++] = new Row { Address = (byte*)address, DType = dtype, Start = this.bytes, Bytes = size };
        this.bytes += (size + Alignment - 1) / Alignment * Alignment;
    }

    /// <summary>Whether all numbers that were added are finite. Forgets them.</summary>
    public bool Run()
    {
        if (this.count == 0)
            return true;
        var region = new Region { Rows = this.rows, Count = this.count, Total = this.bytes };
        region.Workers = this.bytes < 2 * Share ? 1 : (int)Math.Min(torch.get_num_threads(), this.bytes / Share);
        Workers.Run(region.Workers, &Work, &region);
        this.Clear();
        return region.Found == 0;
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear()
    {
        this.count = 0;
        this.bytes = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(this.rows);
        this.rows = null;
        this.capacity = 0;
        this.Clear();
        GC.SuppressFinalize(this);
    }

    private static int SizeOf(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => sizeof(double),
        ScalarType.Float32 => sizeof(float),
        _ => sizeof(ushort),
    };

    private static void Work(int worker, void* data)
    {
        var region = (Region*)data;
        var first = region->Total * worker / region->Workers / Alignment * Alignment;
        var last = worker == region->Workers - 1 ? region->Total : region->Total * (worker + 1) / region->Workers / Alignment * Alignment;
        for (var row = region->Rows + region->Count - 1; row >= region->Rows; row--)
        {
            var start = Math.Max(0, first - row->Start);
            var end = Math.Min(row->Bytes, last - row->Start);
            while (end > start)
            {
                if (Volatile.Read(ref region->Found) != 0)
                    return;
                var from = Math.Max(start, (end - 1) / Chunk * Chunk);
                if (!IsFinite(row->Address + from, end - from, row->DType))
                {
                    Volatile.Write(ref region->Found, 1);
                    return;
                }

                end = from;
            }

            if (row->Start <= first)
                return;
        }
    }

    private static bool IsFinite(byte* data, long bytes, ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => IsFinite<ulong>((ulong*)data, bytes / sizeof(ulong), 0x7fff_ffff_ffff_ffff, 1UL << 52),
        ScalarType.Float32 => IsFinite<uint>((uint*)data, bytes / sizeof(uint), 0x7fff_ffff, 1U << 23),
        ScalarType.BFloat16 => IsFinite<ushort>((ushort*)data, bytes / sizeof(ushort), 0x7fff, 1 << 7),
        _ => IsFinite<ushort>((ushort*)data, bytes / sizeof(ushort), 0x7fff, 1 << 10),
    };

    /// <summary>Whether no number has an exponent of ones.</summary>
    /// <param name="data">The numbers' bits.</param>
    /// <param name="count">How many.</param>
    /// <param name="magnitude">All bits but the sign.</param>
    /// <param name="exponent">The lowest bit of the exponent.</param>
    private static bool IsFinite<T>(T* data, long count, T magnitude, T exponent)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        var (mask, one) = (Vector.Create(magnitude), Vector.Create(exponent));
        var (a, b, c, d) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var i = 0L;
        for (; i <= count - (4 * Vector<T>.Count); i += 4 * Vector<T>.Count)
        {
            a |= (Vector.Load(data + i) & mask) + one;
            b |= (Vector.Load(data + i + Vector<T>.Count) & mask) + one;
            c |= (Vector.Load(data + i + (2 * Vector<T>.Count)) & mask) + one;
            d |= (Vector.Load(data + i + (3 * Vector<T>.Count)) & mask) + one;
        }

        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            a |= (Vector.Load(data + i) & mask) + one;
        var rest = T.Zero;
        for (; i < count; i++)
            rest |= unchecked((data[i] & magnitude) + exponent);
        return ((a | b | c | d) & ~mask) == Vector<T>.Zero && (rest & ~magnitude) == T.Zero;
    }

    private struct Row
    {
        public byte* Address;
        public ScalarType DType;
        public long Start;
        public long Bytes;
    }

    private struct Region
    {
        public Row* Rows;
        public int Count;
        public long Total;
        public int Workers;
        public int Found;
    }
}
