using System.Runtime.InteropServices;

namespace OptBias.Cuda;

/// <summary>A piece of one tensor of a launch, as <c>Prelude.cu</c> declares it.</summary>
/// <param name="Begin">Its first element.</param>
/// <param name="Count">How many elements.</param>
/// <param name="Row">The row of the parameter in the table.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Chunk(long Begin, int Count, int Row);

/// <summary>
/// What one launch works on, as numbers: a row for each parameter (which scalars, which addresses), the scalars, and the chunks
/// into which the tensors are cut so that large and small ones share the blocks evenly.
/// </summary>
/// <remarks>
/// The arrays are kept from step to step. Parameters that follow each other with the same scalars share them; chunks depend on
/// the sizes alone, and <see cref="ChunksChanged"/> says whether those are others than in the last step.
/// </remarks>
/// <param name="tensors">Tensors of the pass.</param>
/// <param name="scalars">Scalars of the pass.</param>
/// <param name="layouts">How many pairs of rows and columns a row carries.</param>
internal sealed class LaunchTable(int tensors, int scalars, int layouts)
{
    /// <summary>Elements of a chunk: a multiple of 16, so that chunks of aligned tensors are aligned, and short, so that float32 shares of a sum stay exact.</summary>
    public const int ChunkSize = 8 * 1024;

    private readonly int rowLength = 1 + tensors + (2 * layouts);
    private long[] rows = [];
    private double[] scalarValues = [];
    private Chunk[] chunks = [];
    private long[] counts = [];
    private int countsKnown;
    private int chunkCount;
    private int scalarRows;

    /// <summary>Parameters so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the chunks are others than after the last <see cref="Clear"/>.</summary>
    public bool ChunksChanged { get; private set; }

    /// <summary>For each parameter: the row of its scalars, the addresses of its tensors, and if the pass asks for them rows and columns.</summary>
    public ReadOnlySpan<long> Rows => this.rows.AsSpan(0, this.Count * this.rowLength);

    /// <summary>The scalars.</summary>
    public ReadOnlySpan<double> Scalars => this.scalarValues.AsSpan(0, this.scalarRows * scalars);

    /// <summary>The chunks, in the order of the parameters and of their elements.</summary>
    public ReadOnlySpan<Chunk> Chunks => this.chunks.AsSpan(0, this.chunkCount);

    /// <summary>Forgets the parameters of the last step; their sizes are remembered, to tell whether the next ones differ.</summary>
    public void Clear()
    {
        this.countsKnown = this.Count;
        this.Count = 0;
        this.scalarRows = 0;
        this.ChunksChanged = false;
    }

    /// <summary>Adds a parameter.</summary>
    /// <param name="addresses">Of its tensors, in the order of the pass.</param>
    /// <param name="elements">Its elements, at least 0.</param>
    /// <param name="scalarsOfParameter">Its scalars.</param>
    /// <param name="dimensions">Rows and columns of each layout.</param>
    public void Add(ReadOnlySpan<nint> addresses, long elements, ReadOnlySpan<double> scalarsOfParameter, params ReadOnlySpan<long> dimensions)
    {
        Grow(ref this.rows, (this.Count + 1) * this.rowLength);
        Grow(ref this.counts, this.Count + 1);
        var row = this.rows.AsSpan(this.Count * this.rowLength, this.rowLength);
        row[0] = this.RowOfScalars(scalarsOfParameter);
        for (var k = 0; k < tensors; k++)
            row[1 + k] = addresses[k];
        dimensions.CopyTo(row[(1 + tensors)..]);
        if (this.Count >= this.countsKnown || this.counts[this.Count] != elements)
            this.ChunksChanged = true;
        this.counts[this.Count++] = elements;
    }

    /// <summary>Ends the list of parameters and cuts their tensors.</summary>
    public void Complete()
    {
        this.ChunksChanged |= this.Count != this.countsKnown;
        if (!this.ChunksChanged)
            return;
        var total = 0L;
        for (var row = 0; row < this.Count; row++)
            total += (this.counts[row] + ChunkSize - 1) / ChunkSize;
        Grow(ref this.chunks, checked((int)total));
        this.chunkCount = 0;
        for (var row = 0; row < this.Count; row++)
        {
            for (var begin = 0L; begin < this.counts[row]; begin += ChunkSize)
                this.chunks[this.chunkCount++] = new Chunk(begin, (int)Math.Min(ChunkSize, this.counts[row] - begin), row);
        }
    }

    private long RowOfScalars(ReadOnlySpan<double> values)
    {
        // Bit by bit: −0 is not 0, and NaN is itself.
        var last = this.scalarRows == 0 ? default : this.scalarValues.AsSpan((this.scalarRows - 1) * scalars, scalars);
        if (this.scalarRows > 0 && MemoryMarshal.Cast<double, long>(last).SequenceEqual(MemoryMarshal.Cast<double, long>(values)))
            return this.scalarRows - 1;
        Grow(ref this.scalarValues, (this.scalarRows + 1) * scalars);
        values.CopyTo(this.scalarValues.AsSpan(this.scalarRows * scalars));
        return this.scalarRows++;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            Array.Resize(ref array, Math.Max(length, 2 * array.Length));
    }
}
