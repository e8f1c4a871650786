using System.Globalization;
using OptBias.Lab.Data;
using OptBias.Lab.Storage;
using OptBias.Lab.Tests.Storage;
using OptBias.Testing;

namespace OptBias.Lab.Tests.Robustness;

/// <summary>
/// Files that were cut, flipped, spliced and lied to: a reader gives what was written, or its documented exception, in bounded memory.
/// <c>OPTBIAS_FUZZ=200000</c> reads that many of each kind; the test run reads 5,000.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("OPTBIAS_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) ? inputs : 5000;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void A_record_is_what_was_written_or_damaged()
    {
        var whole = RecordFile.Write(SampleRun.Of("a", 0.1 + 0.2) with { Artifact = "sha256:00", Diverged = "task 2: \u00e4" });
        Fuzz(whole, bytes =>
        {
            if (Try<DamagedFileException>(() => RecordFile.Parse(bytes)))
                Assert.Equal(whole, bytes);
        });
    }

    /// <summary>The checksum is made anew, so that what lies behind it is reached.</summary>
    [Fact]
    public void A_record_whose_checksum_fits_is_a_run_or_damaged() => Fuzz(Json.Write(SampleRun.Of("a", 0.5)), bytes =>
    {
        var body = bytes.AsSpan(0, Math.Max(0, bytes.Length - 2));
        byte[] file = [.. body, .. System.Text.Encoding.UTF8.GetBytes($",\n  \"checksum\": \"{RecordFile.Checksum(body)}\"\n}}")];
        RunRecord? run = null;
        if (!Try<DamagedFileException>(() => run = RecordFile.Parse(file)))
            return;
        // What reports do with it does not crash either.
        Assert.NotNull(run!.Method + run.Phase + run.Version + run.Key);
        Assert.All(run.Settings, s => Assert.NotNull(s.Value));
        Assert.All(run.Curves, c => Assert.Equal(c.X.Count, c.Y.Count));
        _ = run.Number("lr") + run.Metric("accuracy");
    });

    [Fact]
    public void A_manifest_is_one_or_is_refused()
    {
        SampleRun.Open(this.directory.Path).Dispose();
        var path = Path.Combine(this.directory.Path, "manifest.json");
        this.Fuzz(File.ReadAllBytes(path), path, 5, () => Try<StorageException>(() => RunStore.OpenExisting(this.directory.Path).Manifest.DifferencesFrom(SampleRun.Manifest())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_are_read_or_refused(bool compressed)
    {
        var whole = IdxBytes.Images(3);
        var path = Path.Combine(this.directory.Path, "images");
        this.Fuzz(compressed ? IdxBytes.Compressed(whole) : whole, path, 4, () => Try<DataException>(() =>
        {
            var (pixels, count, rows, columns) = IdxFile.ReadImages(path);
            Assert.Equal(pixels.Length, count * rows * columns);
        }));
    }

    /// <summary>Any byte may be a class: what is read are as many labels as the file holds. Whether each class occurs is asked of the whole data set.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Labels_are_read_or_refused(bool compressed, bool isLong)
    {
        var whole = isLong ? ImageBytes.LongLabels(60, i => i % 10) : IdxBytes.Labels(60);
        var path = Path.Combine(this.directory.Path, "labels");
        this.Fuzz(compressed ? IdxBytes.Compressed(whole) : whole, path, 4, () => Try<DataException>(() =>
        {
            var labels = IdxFile.ReadLabels(path);
            Assert.NotEmpty(labels);
            if (!compressed && !isLong)
                Assert.Equal(new FileInfo(path).Length - 8, labels.Length);
        }));
    }

    [Fact]
    public void A_trajectory_is_read_and_replayed_or_refused()
    {
        var path = Path.Combine(this.directory.Path, "trajectory.safetensors");
        Trajectory.Record("AdamW", new Dictionary<string, double> { ["lr"] = 0.01 }, p => new Optimizers.AdamW(p, lr: 0.01), steps: 2, shapes: [[2, 3], [2]]).Save(path);
        this.Fuzz(File.ReadAllBytes(path), path, 4, () =>
        {
            Trajectory? read = null;
            if (Try<InvalidDataException>(() => read = Trajectory.Load(path)))
                Try<ArgumentException>(() => read!.Replay(Optimizers.AdamW.Descriptor));
        });
    }

    private static void Fuzz(byte[] whole, Action<byte[]> read, int divisor = 1)
    {
        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < Inputs / divisor; i++)
        {
            var bytes = Mutation.Of(whole, i);
            try
            {
                read(bytes);
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"Input {i}: {e}\n{Convert.ToHexString(bytes)}");
            }
        }

        Assert.InRange((GC.GetTotalAllocatedBytes() - before) / (Inputs / divisor), 0, 4 << 20);
    }

    private void Fuzz(byte[] whole, string path, int divisor, Action read) => Fuzz(
        whole,
        bytes =>
        {
            File.WriteAllBytes(path, bytes);
            read();
        },
        divisor);

    /// <summary>Whether it went well; any other exception is a failure.</summary>
    private static bool Try<T>(Action read)
        where T : Exception
    {
        try
        {
            read();
            return true;
        }
        catch (T)
        {
            return false;
        }
    }
}
