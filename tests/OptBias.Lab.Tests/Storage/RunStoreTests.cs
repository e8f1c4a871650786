using System.Text;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Storage;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void A_stored_run_is_read_back_number_for_number()
    {
        using (var store = this.Open())
            store.Add(Run("a", 0.1 + 0.2), [SafeTensor.Of("w", [3], [1.0, 2.0, 3.0])]);
        using var again = this.Open();
        var run = Assert.Single(again.Records);
        Assert.Equal(0.1 + 0.2, run.Metric("accuracy"));
        Assert.True(double.IsNaN(run.Metric("undefined")));
        Assert.True(double.IsNaN(run.Curves[0].Y[1]));
        Assert.Equal("0.01", run.Settings["lr"]);
        Assert.Equal([1.0, 2.0, 3.0], SafeTensors.Read(again.ArtifactPath("a"))["w"].As<double>().ToArray());
    }

    /// <summary>A report may be made elsewhere than the runs; it says where those were computed, and where that is not known.</summary>
    [Fact]
    public void A_run_remembers_where_it_was_computed()
    {
        using (var store = this.Open())
        {
            store.Add(Run("a", 1) with { Machine = "there" });
            store.Add(Run("b", 1) with { Machine = "there" });
            store.Add(Run("c", 1));
        }

        using var again = this.Open();
        Assert.Equal(["not kept with the runs", "there"], OptBias.Lab.Commands.ReportCommand.MachinesOf(again.Records));
    }

    [Fact]
    public void Another_grid_is_refused_and_the_message_says_what_differs_and_offers_fresh()
    {
        using (var store = this.Open())
            store.Add(Run("a", 1));
        var e = Assert.Throws<StorageException>(() => this.Open(Manifest() with { Grid = new Dictionary<string, string> { ["seeds"] = "1, 2, 3", ["model"] = "cnn" } }));
        Assert.Contains("seeds: the folder has 1, 2, asked for is 1, 2, 3", e.Message);
        Assert.Contains("model: the folder has (none), asked for is cnn", e.Message);
        Assert.Contains("--fresh", e.Message);
        Assert.Single(Directory.GetFiles(Path.Combine(this.directory.Path, "runs")));
    }

    [Fact]
    public void Other_data_and_another_version_are_refused()
    {
        this.Open().Dispose();
        Assert.Contains("data: ", Assert.Throws<StorageException>(() => this.Open(Manifest() with { Data = "others" })).Message);
        Assert.Contains("version: ", Assert.Throws<StorageException>(() => this.Open(Manifest() with { Version = "9.9.9" })).Message);
    }

    [Fact]
    public void Fresh_throws_the_runs_away_and_nothing_else()
    {
        var foreign = Path.Combine(this.directory.Path, "notes.txt");
        File.WriteAllText(foreign, "mine");
        using (var store = this.Open())
            store.Add(Run("a", 1));
        using var again = RunStore.Open(this.directory.Path, Manifest() with { Data = "others" }, fresh: true);
        Assert.Empty(again.Records);
        Assert.Equal("mine", File.ReadAllText(foreign));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_no_run()
    {
        using (var store = this.Open())
            store.Add(Run("a", 1));
        var half = Encoding.UTF8.GetBytes("{ \"key\": \"b\", \"phase\": \"res");
        File.WriteAllBytes(Path.Combine(this.directory.Path, "runs", "b.json" + DurableFile.UnfinishedExtension), half);
        // A disk that lost power may also leave a file of the final name with nothing or half of it in it.
        File.WriteAllBytes(Path.Combine(this.directory.Path, "runs", "c.json"), half);
        File.WriteAllBytes(Path.Combine(this.directory.Path, "runs", "d.json"), []);
        using var again = this.Open();
        Assert.Equal(["a"], again.Records.Select(r => r.Key));
        Assert.Equal(["c.json: it has no checksum: it is cut off, or no record of a run", "d.json: it is empty"], again.Damaged.Select(d => $"{Path.GetFileName(d.Path)}: {d.Problem}"));
        Assert.Empty(Directory.GetFiles(Path.Combine(this.directory.Path, "runs"), "*" + DurableFile.UnfinishedExtension));
    }

    [Fact]
    public void Two_processes_do_not_write_into_one_folder()
    {
        using var store = this.Open();
        Assert.Contains("Another optbias", Assert.Throws<StorageException>(() => this.Open()).Message);
    }

    [Fact]
    public void A_folder_without_results_is_said_to_have_none() =>
        Assert.Contains("holds no results", Assert.Throws<StorageException>(() => RunStore.OpenExisting(this.directory.Path)).Message);

    [Fact]
    public void Runs_without_a_manifest_are_not_adopted()
    {
        using (var store = this.Open())
            store.Add(Run("a", 1));
        File.Delete(Path.Combine(this.directory.Path, "manifest.json"));
        Assert.Contains("no manifest.json", Assert.Throws<StorageException>(() => this.Open()).Message);
    }

    [SkippableFact]
    public void A_full_disk_is_a_clear_error_and_keeps_what_was_finished()
    {
        Skip.IfNot(File.Exists("/dev/full"), "needs /dev/full");
        using var store = this.Open();
        store.Add(Run("a", 1));
        File.CreateSymbolicLink(Path.Combine(this.directory.Path, "runs", "b.json" + DurableFile.UnfinishedExtension), "/dev/full");
        var e = Assert.Throws<StorageException>(() => store.Add(Run("b", 1)));
        Assert.Contains("Cannot write", e.Message);
        Assert.Contains("What was finished before is kept", e.Message);
        Assert.Equal(["a"], store.Records.Select(r => r.Key));
    }

    [SkippableTheory]
    [InlineData("/sys/optbias")]
    [InlineData("/proc/optbias")]
    public void A_folder_that_cannot_be_written_is_a_clear_error(string folder)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs the file systems of the kernel, which root cannot write either");
        var e = Assert.Throws<StorageException>(() => RunStore.Open(folder, Manifest(), fresh: false));
        Assert.StartsWith($"Cannot use {folder} for results: ", e.Message);
    }

    [Fact]
    public async Task Parquet_tables_hold_every_run_and_every_point()
    {
        using var store = this.Open();
        store.Add(Run("a", 0.5));
        store.Add(Run("b", 0.25) with { Diverged = "task 2: the loss is NaN" });
        ParquetExport.Write(store);
        await using var runs = File.OpenRead(Path.Combine(this.directory.Path, "runs.parquet"));
        var rows = (await Parquet.Serialization.ParquetSerializer.DeserializeUntypedAsync(runs)).Data;
        Assert.Equal(["a", "b"], rows.Select(r => r["key"]));
        Assert.Equal([0.5, 0.25], rows.Select(r => r["accuracy"]));
        Assert.Equal([0.01, 0.01], rows.Select(r => r["lr"]));
        Assert.Equal([null, "task 2: the loss is NaN"], rows.Select(r => r.GetValueOrDefault("diverged")));
        Assert.All(rows, r => Assert.Null(r.GetValueOrDefault("undefined")));
        await using var curves = File.OpenRead(Path.Combine(this.directory.Path, "curves.parquet"));
        Assert.Equal(4, (await Parquet.Serialization.ParquetSerializer.DeserializeUntypedAsync(curves)).Data.Count);
    }

    private static Manifest Manifest() => SampleRun.Manifest();

    private static RunRecord Run(string key, double accuracy) => SampleRun.Of(key, accuracy);

    private RunStore Open(Manifest? manifest = null) => SampleRun.Open(this.directory.Path, manifest);
}
