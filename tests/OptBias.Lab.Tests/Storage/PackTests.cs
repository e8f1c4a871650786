using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Storage;

public sealed class PackTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Runs => Path.Combine(this.directory.Path, "runs");

    private string Packs => Path.Combine(this.directory.Path, "packs");

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void A_packed_run_is_the_run_bit_for_bit()
    {
        byte[][] before;
        using (var store = this.Filled(20))
        {
            before = [.. store.Records.Select(RecordFile.Write)];
            Assert.Equal(20, store.Pack(atLeast: 1));
        }

        Assert.Empty(Directory.GetFiles(this.Runs));
        Assert.Single(Directory.GetFiles(this.Packs, "*.parquet"));
        using var again = SampleRun.Existing(this.directory.Path);
        Assert.Equal(before, again.Records.Select(RecordFile.Write));
        var run = again.Find("k03")!;
        Assert.Equal(BitConverter.DoubleToInt64Bits(0.1 + (0.2 * 3)), BitConverter.DoubleToInt64Bits(run.Metric("accuracy")));
        Assert.True(double.IsNaN(run.Metric("undefined")) && double.IsNaN(run.Metric("nothing")));
        Assert.Equal("0.01", run.Settings["lr"]);
        Assert.Equal([0.5, double.NaN], run.Curves[0].Y);
    }

    [Fact]
    public void Few_files_stay_files_and_packs_join_what_comes_later()
    {
        using var store = this.Filled(5);
        Assert.Equal(0, store.Pack(atLeast: 6));
        Assert.Equal(5, store.Pack(atLeast: 5));
        store.Add(SampleRun.Of("later", 1));
        Assert.Equal(1, store.Pack(atLeast: 1));
        store.Add(SampleRun.Of("last", 1));
        Assert.Equal(2, Directory.GetFiles(this.Packs, "*.parquet").Length);
        store.Reload();
        Assert.Equal(7, store.Records.Count);
    }

    /// <summary>Killed between the pack and the deletion of its files.</summary>
    [Fact]
    public void A_run_that_is_in_a_pack_and_in_a_file_is_one_run()
    {
        using (var store = this.Filled(5))
        {
            var files = Directory.GetFiles(this.Runs).ToDictionary(f => f, File.ReadAllBytes);
            store.Pack(atLeast: 1);
            foreach (var (file, content) in files.Take(3))
                File.WriteAllBytes(file, content);
        }

        using var again = SampleRun.Open(this.directory.Path);
        Assert.Equal(5, again.Records.Count);
        Assert.Empty(again.Damaged);
    }

    [Fact]
    public void Two_that_pack_at_once_lose_nothing()
    {
        this.Filled(0).Dispose();
        using (var one = RunStore.Join(this.directory.Path, SampleRun.Manifest(), TimeSpan.Zero))
        using (var other = RunStore.Join(this.directory.Path, SampleRun.Manifest(), TimeSpan.Zero))
        {
            using var reader = SampleRun.Existing(this.directory.Path);
            var done = 0;
            Parallel.ForEach(new[] { one, other }, store =>
            {
                for (var i = 0; i < 60; i++)
                {
                    store.Add(SampleRun.Of($"{(store == one ? "a" : "b")}{i:00}", i));
                    var least = Interlocked.Increment(ref done);
                    store.Pack(atLeast: 7);
                    lock (reader)
                    {
                        // Whoever reads while others pack sees every run that was finished before.
                        reader.Reload();
                        Assert.InRange(reader.Records.Count, least, 120);
                        Assert.Empty(reader.Damaged);
                    }
                }
            });
        }

        using var again = SampleRun.Open(this.directory.Path);
        Assert.Equal(120, again.Records.Count);
        Assert.NotEmpty(Directory.GetFiles(this.Packs, "*.parquet"));
    }

    [Fact]
    public void A_pack_that_cannot_be_written_leaves_the_files_where_they_are()
    {
        using var store = this.Filled(5);
        File.WriteAllText(this.Packs, "no folder");
        Assert.Contains("Cannot write", Assert.Throws<StorageException>(() => store.Pack(atLeast: 1)).Message);
        Assert.Equal(5, Directory.GetFiles(this.Runs).Length);
    }

    [Fact]
    public void Damaged_and_foreign_files_are_not_packed()
    {
        using var store = this.Filled(3);
        File.WriteAllText(Path.Combine(this.Runs, "broken.json"), "{");
        File.WriteAllBytes(Path.Combine(this.Runs, "foreign.json"), RecordFile.Write(SampleRun.Of("foreign", 1) with { Study = "another", Manifest = "0123456789abcdef" }));
        Assert.Equal(3, store.Pack(atLeast: 1));
        Assert.Equal(["broken.json", "foreign.json"], Directory.GetFiles(this.Runs).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_changed_or_cut_pack_is_named_and_its_runs_are_done_again()
    {
        using (var store = this.Filled(50))
            store.Pack(atLeast: 1);
        var pack = Directory.GetFiles(this.Packs)[0];
        var content = File.ReadAllBytes(pack);
        for (var part = 0; part < 40; part++)
        {
            var bytes = content.ToArray();
            if (part < 30)
                bytes[(long)bytes.Length * part / 30] ^= 0x10;
            else
                bytes = bytes[..(bytes.Length * (part - 30) / 10)];
            File.WriteAllBytes(pack, bytes);
            using var again = SampleRun.Existing(this.directory.Path);
            Assert.All(again.Damaged, d => Assert.Equal(pack, d.Path));
            foreach (var record in again.Records)
            {
                // What is read is what was written; the points are read last, and refused where they are not.
                Assert.Equal(0.1 + (0.2 * record.Seed), record.Metric("accuracy"));
                try
                {
                    Assert.Equal([1.0, 2.0], record.Curves[0].X);
                }
                catch (Exception e) when (e is StorageException or DamagedFileException)
                {
                    Assert.Contains(pack, e is DamagedFileException ? pack : e.Message, StringComparison.Ordinal);
                }
            }

            if (again.Records.Count < 50)
                Assert.NotEmpty(again.Damaged);
        }
    }

    [Fact]
    public void Fresh_throws_packs_away_and_packs_without_a_manifest_are_not_adopted()
    {
        using (var store = this.Filled(5))
            store.Pack(atLeast: 1);
        File.Delete(Path.Combine(this.directory.Path, "manifest.json"));
        Assert.Contains("no manifest.json", Assert.Throws<StorageException>(() => SampleRun.Open(this.directory.Path)).Message);
        using var fresh = RunStore.Open(this.directory.Path, SampleRun.Manifest(), fresh: true);
        Assert.Empty(fresh.Records);
        Assert.False(Directory.Exists(this.Packs));
    }

    private RunStore Filled(int count)
    {
        var store = SampleRun.Open(this.directory.Path);
        for (var i = 0; i < count; i++)
            store.Add(SampleRun.Of($"k{i:00}", 0.1 + (0.2 * i)) with { Seed = i });
        return store;
    }
}
