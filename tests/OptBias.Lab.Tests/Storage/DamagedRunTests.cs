using System.Text;
using OptBias.Lab.Commands;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Tests.Studies;

namespace OptBias.Lab.Tests.Storage;

/// <summary>What a disk or a hand did to the files of finished runs is noticed, named, and mended by the same command.</summary>
public sealed class DamagedRunTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Theory]
    [InlineData("0.5", "0.6")]
    [InlineData("\"Sgd\"", "\"Sgx\"")]
    [InlineData("\"curves\": [", "\"curves\" : [")]
    [InlineData("sha256:", "sha512:")]
    public void A_change_anywhere_in_a_record_is_noticed(string before, string after)
    {
        var content = Encoding.UTF8.GetString(RecordFile.Write(SampleRun.Of("a", 0.5)));
        Assert.Equal(0.5, RecordFile.Parse(Encoding.UTF8.GetBytes(content)).Metric("accuracy"));
        Assert.Contains(before, content, StringComparison.Ordinal);
        Assert.Throws<DamagedFileException>(() => RecordFile.Parse(Encoding.UTF8.GetBytes(content.Replace(before, after, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_flipped_bit_of_a_record_is_noticed()
    {
        var content = RecordFile.Write(SampleRun.Of("a", 0.5));
        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            var flipped = content.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<DamagedFileException>(() => RecordFile.Parse(flipped));
        }
    }

    /// <summary>The checksum fits: somebody wrote a record of their own, or another version did.</summary>
    [Theory]
    [InlineData("\"method\": \"Sgd\"", "\"method\": null")]
    [InlineData("\"metrics\": {", "\"metrics\": null, \"others\": {")]
    [InlineData("\"lr\": \"0.01\"", "\"lr\": null")]
    [InlineData("\"curves\": [", "\"curves\": [ null,")]
    [InlineData("\"series\": \"\"", "\"series\": null")]
    [InlineData("\"x\": [", "\"x\": [ 7,")]
    [InlineData("\"seed\": 1,", "")]
    public void Null_or_missing_fields_are_damage_and_no_crash(string before, string after)
    {
        var content = Encoding.UTF8.GetString(Json.Write(SampleRun.Of("a", 0.5)));
        Assert.Contains(before, content, StringComparison.Ordinal);
        var body = Encoding.UTF8.GetBytes(content.Replace(before, after, StringComparison.Ordinal))[..^2];
        byte[] file = [.. body, .. Encoding.UTF8.GetBytes($",\n  \"checksum\": \"{RecordFile.Checksum(body)}\"\n}}")];
        Assert.Throws<DamagedFileException>(() => RecordFile.Parse(file));
    }

    [Theory]
    [InlineData("\"version\": \"0.1.0\"", "\"version\": null")]
    [InlineData("\"seeds\": \"1, 2\"", "\"seeds\": null")]
    [InlineData("\"request\": {", "\"request\": null, \"others\": {")]
    [InlineData("\"Sgd\"", "null")]
    public void A_manifest_with_null_in_it_is_a_clear_error(string before, string after)
    {
        SampleRun.Open(this.directory.Path).Dispose();
        var path = Path.Combine(this.directory.Path, "manifest.json");
        var content = File.ReadAllText(path);
        Assert.Contains(before, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(before, after, StringComparison.Ordinal));
        Assert.Contains("is no manifest of this laboratory", Assert.Throws<StorageException>(() => RunStore.OpenExisting(this.directory.Path)).Message);
    }

    [Fact]
    public void Damaged_files_are_named_and_their_runs_are_not_there()
    {
        using (var store = SampleRun.Open(this.directory.Path))
        {
            foreach (var key in new[] { "a", "b", "c", "d", "e" })
                store.Add(SampleRun.Of(key, 0.5), key is "d" or "e" ? [SafeTensor.Of("w", [1], [1.0])] : null);
            File.WriteAllBytes(store.ArtifactPath("d"), [1, 2, 3]);
            File.Delete(store.ArtifactPath("e"));
        }

        var changed = Path.Combine(this.directory.Path, "runs", "b.json");
        File.WriteAllText(changed, File.ReadAllText(changed).Replace("0.5", "0.9", StringComparison.Ordinal));
        File.Copy(Path.Combine(this.directory.Path, "runs", "a.json"), Path.Combine(this.directory.Path, "runs", "c.json"), overwrite: true);
        using var again = SampleRun.Open(this.directory.Path);
        Assert.Equal(["a"], again.Records.Select(r => r.Key));
        Assert.Equal(
            ["b.json: its checksum does not fit: it was changed after it was written", "c.json: it holds the run a", "d.safetensors: it is not what its run left there", "e.safetensors: it is missing, and its run needs it"],
            again.Damaged.Select(d => $"{Path.GetFileName(d.Path)}: {d.Problem}"));
    }

    [Fact]
    public void The_same_command_does_a_damaged_run_again_and_says_so()
    {
        var results = TinyStudies.Run("similarity", this.directory.Path, "Sgd,AdamW");
        var record = Directory.GetFiles(Path.Combine(results, "runs"), "result-*.json").Order(StringComparer.Ordinal).First();
        var artifact = Directory.GetFiles(Path.Combine(results, "artifacts")).Order(StringComparer.Ordinal).Last();
        var network = File.ReadAllBytes(artifact);
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"seed\": ", "\"seed\":  ", StringComparison.Ordinal));
        File.WriteAllBytes(artifact, network[..100]);
        var error = Captured(() => TinyStudies.Run("similarity", this.directory.Path, "Sgd,AdamW"));
        Assert.Contains($"{record}: its checksum does not fit: it was changed after it was written. The run is done again.", error);
        Assert.Contains($"{artifact}: it is not what its run left there. The run is done again.", error);
        Assert.Equal(network, File.ReadAllBytes(artifact));
        using var store = SampleRun.Existing(results);
        Assert.Empty(store.Damaged);
        Assert.Equal(8, store.Records.Count(r => r.Phase is Phase.Tuning or Phase.Result));
    }

    [Fact]
    public void Only_our_own_unfinished_files_go_and_none_that_is_being_written()
    {
        SampleRun.Open(this.directory.Path).Dispose();
        var artifacts = Directory.CreateDirectory(Path.Combine(this.directory.Path, "artifacts")).FullName;
        string[] ours =
        [
            Path.Combine(artifacts, $"a.safetensors.{Guid.NewGuid():N}.tmp"), Path.Combine(artifacts, "b.unfinished"), Path.Combine(this.directory.Path, "runs.parquet.unfinished"),
        ];
        string[] others =
        [
            Path.Combine(artifacts, "notes.tmp"), Path.Combine(artifacts, "a.safetensors.tmp"), Path.Combine(artifacts, "a.safetensors.old.tmp"), Path.Combine(this.directory.Path, "mine.tmp"),
        ];
        var live = Path.Combine(artifacts, $"c.safetensors.{Guid.NewGuid():N}.tmp");
        foreach (var file in (string[])[.. ours, .. others])
            File.WriteAllText(file, "half");
        using (new FileStream(live, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            SampleRun.Open(this.directory.Path).Dispose();
        Assert.All(ours, file => Assert.False(File.Exists(file), file));
        Assert.All([.. others, live], file => Assert.True(File.Exists(file), file));
    }

    private static string Captured(Action action)
    {
        var (before, error) = (Console.Error, new StringWriter());
        Console.SetError(error);
        try
        {
            action();
        }
        finally
        {
            Console.SetError(before);
        }

        return error.ToString();
    }
}
