using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace OptBias.Lab.Data;

/// <summary>A data file as a stream of its content, gzipped or not. It is told by its first two bytes, whatever its name is.</summary>
/// <remarks>
/// A gzip file may have several members, one after the other, as <c>cat a.gz b.gz</c> makes them; all are read, and the checksum and
/// length of each are compared. .NET's own stream takes a member that ends too early for one that ends, so this is SharpZipLib's.
/// Nothing is kept in memory: the reader of the stream decides how much there may be.
/// </remarks>
internal sealed class DataFile : Stream
{
    private readonly Stream content;
    private readonly bool isCompressed;
    private long position;

    private DataFile(Stream content, bool isCompressed) => (this.content, this.isCompressed) = (content, isCompressed);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => this.position; set => throw new NotSupportedException(); }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static DataFile Open(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            Span<byte> start = stackalloc byte[2];
            var isCompressed = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1F, 0x8B];
            file.Position = 0;
            return new(isCompressed ? new GZipInputStream(file) : file, isCompressed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads on; 0 at the end.</summary>
    /// <exception cref="DataFileException">The compressed stream is cut off or damaged.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            var read = this.content.Read(buffer, offset, count);
            this.position += read;
            return read;
        }
        catch (Exception e) when (this.isCompressed && (e is EndOfStreamException || (e is SharpZipBaseException && e.Message.Contains("EOF", StringComparison.Ordinal))))
        {
            throw new DataFileException($"is truncated: the gzip stream ends after {this.position} bytes.", e);
        }
        catch (Exception e) when (this.isCompressed && e is SharpZipBaseException or InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            throw new DataFileException($"is damaged: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Reads a compressed stream on, up to <paramref name="most"/> bytes, and keeps nothing: its checksum is at its end.</summary>
    /// <exception cref="DataFileException">The stream is cut off or damaged.</exception>
    public void Verify(long most)
    {
        if (!this.isCompressed)
            return;
        var buffer = new byte[1 << 16];
        for (var read = 0L; read < most && this.Read(buffer, 0, buffer.Length) is > 0 and var got;)
            read += got;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            this.content.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A compressed stream is cut off or damaged.</summary>
/// <param name="problem">What is wrong, as a sentence that continues "PATH: ".</param>
/// <param name="inner">What the decompression said.</param>
internal sealed class DataFileException(string problem, Exception inner) : Exception(problem, inner);
