using System.Diagnostics;

namespace OptBias.Runtime.Tests;

/// <summary>A file under its name is whole, and what a killed writer left goes.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly Folder folder = new();

    private string File => this.folder["model.safetensors"];

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_file_that_is_there_is_replaced_and_nothing_stays_beside_it()
    {
        Write("old", this.File);
        Write("new and longer", this.File);
        Assert.Equal("new and longer", System.IO.File.ReadAllText(this.File));
        Assert.Equal(["model.safetensors"], this.folder.Files);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        Write("old", this.File);
        Assert.Throws<IOException>(() => AtomicFile.Write(this.File, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", System.IO.File.ReadAllText(this.File));
        Assert.Equal(["model.safetensors"], this.folder.Files);
    }

    [Fact]
    public void What_an_ended_process_left_is_removed_and_what_is_something_else_stays()
    {
        using var ended = Process.Start(new ProcessStartInfo("true"))!;
        ended.WaitForExit();
        var random = new string('a', 32);
        string[] orphans = [$"model.safetensors.{ended.Id}-{random}.tmp"];
        string[] others =
        [
            $"model.safetensors.{ended.Id}-{random[1..]}.tmp",
            $"model.safetensors.{ended.Id}-{random[1..]}z.tmp",
            $"model.safetensors.{random}.tmp",
            $"model.safetensors.x-{random}.tmp",
            $"other.safetensors.{ended.Id}-{random}.tmp",
            $"model.safetensors.{ended.Id}-{random}.tmp.bak",
            $"model.safetensorsX.{ended.Id}-{random}.tmp",
            $"model.safetensors.{Environment.ProcessId}-{random}.tmp",
        ];
        foreach (var name in orphans.Concat(others))
            System.IO.File.WriteAllText(this.folder[name], "x");
        Write("new", this.File);
        Assert.Equal(others.Append("model.safetensors").Order(StringComparer.Ordinal), this.folder.Files);
    }

    [Fact]
    public void A_file_of_an_earlier_process_with_the_number_of_this_one_is_removed()
    {
        var orphan = this.folder[$"model.safetensors.{Environment.ProcessId}-{new string('0', 32)}.tmp"];
        System.IO.File.WriteAllText(orphan, "x");
        System.IO.File.SetLastWriteTimeUtc(orphan, DateTime.UtcNow.AddDays(-1));
        Write("new", this.File);
        Assert.Equal(["model.safetensors"], this.folder.Files);
    }

    [Fact]
    public void A_file_that_somebody_holds_stays()
    {
        using var ended = Process.Start(new ProcessStartInfo("true"))!;
        ended.WaitForExit();
        var held = this.folder[$"model.safetensors.{ended.Id}-{new string('0', 32)}.tmp"];
        using (new FileStream(held, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            Write("new", this.File);
        Assert.True(System.IO.File.Exists(held));
    }

    [SkippableFact]
    public void A_link_still_leads_to_the_file_and_the_file_keeps_its_mode()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip.If(true, "Links and modes are a Unix system's.");
            return;
        }

        var real = this.folder["real"];
        Write("old", real);
        System.IO.File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        System.IO.File.CreateSymbolicLink(this.File, real);
        Write("new", this.File);
        Assert.Equal("new", System.IO.File.ReadAllText(real));
        Assert.Equal(real, new FileInfo(this.File).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, System.IO.File.GetUnixFileMode(real));
    }

    [Fact]
    public void Missing_folders_are_made()
    {
        var deep = Path.Combine(this.folder["a"], "b", "c.safetensors");
        Write("new", deep);
        Assert.Equal("new", System.IO.File.ReadAllText(deep));
    }

    private static void Write(string text, string path) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
