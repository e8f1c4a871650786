using System.Runtime.InteropServices;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Native working memory of one piece of batched work: taken piece by piece, given back all at once, kept for the next step.
/// Pieces never move.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private const long SmallestChunk = 1 << 20;
    private const long Alignment = 64;

    private readonly List<(nint Start, long Bytes)> chunks = [];
    private int chunk;
    private long usedOfChunk;

    ~Arena() => this.Free();

    /// <summary>Bytes taken since the last <see cref="Reset"/>.</summary>
    public long Used { get; private set; }

    /// <summary>A piece with arbitrary contents, on a cache line of its own.</summary>
    public nint Take(long bytes)
    {
        bytes = (bytes + Alignment - 1) / Alignment * Alignment;
        while (this.chunk < this.chunks.Count && this.usedOfChunk + bytes > this.chunks[this.chunk].Bytes)
        {
            this.chunk++;
            this.usedOfChunk = 0;
        }

        if (this.chunk == this.chunks.Count)
        {
            var size = Math.Max(bytes, SmallestChunk);
            this.chunks.Add(((nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)Alignment), size));
        }

        var piece = this.chunks[this.chunk].Start + (nint)this.usedOfChunk;
        this.usedOfChunk += bytes;
        this.Used += bytes;
        return piece;
    }

    /// <summary>Gives all pieces back.</summary>
    public void Reset()
    {
        this.chunk = 0;
        this.usedOfChunk = 0;
        this.Used = 0;
    }

    public void Dispose()
    {
        this.Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (var (start, _) in this.chunks)
            NativeMemory.AlignedFree((void*)start);
        this.chunks.Clear();
        this.Reset();
    }
}
