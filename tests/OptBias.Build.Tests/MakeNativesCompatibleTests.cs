using System.Collections;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace OptBias.Build.Tests;

public sealed class MakeNativesCompatibleTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("optbias-").FullName;
    readonly RecordingEngine engine = new();

    public void Dispose() => Directory.Delete(this.root, recursive: true);

    [Fact]
    public void On_a_system_without_the_version_a_copy_takes_the_librarys_place()
    {
        var original = this.Library(SmallElf.WithMarker().Write());
        var before = File.ReadAllBytes(original.ItemSpec);
        var task = this.Run(original, "GLIBCXX_3.4.30");

        var copy = Assert.Single(task.Replacements);
        Assert.Same(original, Assert.Single(task.Replaced));
        Assert.Equal("runtimes/linux-x64/native/lib.so", copy.GetMetadata("DestinationSubPath"));
        Assert.Equal(GlibcxxVersionPatch.Apply(before, "lib.so"), File.ReadAllBytes(copy.ItemSpec));
        Assert.Equal(before, File.ReadAllBytes(original.ItemSpec));
    }

    [Fact]
    public void On_a_system_with_the_version_nothing_happens()
    {
        var task = this.Run(this.Library(SmallElf.WithMarker().Write()), "GLIBCXX_3.4.30", "GLIBCXX_3.4.32");

        Assert.Empty(task.Replaced);
        Assert.Empty(task.Replacements);
        Assert.False(Directory.Exists(this.Output));
    }

    [Fact]
    public void On_a_system_whose_library_is_not_found_the_copy_is_made_because_it_runs_on_any()
    {
        var task = this.Run(this.Library(SmallElf.WithMarker().Write()));

        Assert.Single(task.Replacements);
    }

    [Fact]
    public void A_copy_that_is_up_to_date_is_not_written_again()
    {
        var original = this.Library(SmallElf.WithMarker().Write());
        var copy = this.Run(original, "GLIBCXX_3.4.30").Replacements[0].ItemSpec;
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, written);

        Assert.Equal(copy, this.Run(original, "GLIBCXX_3.4.30").Replacements[0].ItemSpec);
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
    }

    [Fact]
    public void A_stale_copy_is_replaced_and_not_written_through_when_it_is_a_link()
    {
        var original = this.Library(SmallElf.WithMarker().Write());
        var precious = Path.Combine(this.root, "precious.so");
        File.WriteAllText(precious, "precious");
        Directory.CreateDirectory(this.Output);
        File.CreateSymbolicLink(Path.Combine(this.Output, "lib.so"), precious);

        var task = this.Run(original, "GLIBCXX_3.4.30");

        Assert.Equal("precious", File.ReadAllText(precious));
        Assert.Null(new FileInfo(task.Replacements[0].ItemSpec).LinkTarget);
        Assert.Single(Directory.GetFiles(this.Output));
    }

    [Fact]
    public void A_library_that_cannot_be_adapted_is_a_warning_with_its_reason_and_stays()
    {
        var task = this.Run(this.Library("not a library"u8.ToArray()), "GLIBCXX_3.4.30");

        var warning = Assert.Single(this.engine.Warnings);
        Assert.Equal("OBB0001", warning.Code);
        Assert.Contains("needs GLIBCXX_3.4.32", warning.Message);
        Assert.Contains("it is not an ELF file", warning.Message);
        Assert.Empty(task.Replacements);
    }

    string Output => Path.Combine(this.root, "obj", "compatible-natives");

    TaskItem Library(byte[] content)
    {
        var path = Path.Combine(this.root, "lib.so");
        File.WriteAllBytes(path, content);
        return new TaskItem(path, new Hashtable { ["DestinationSubPath"] = "runtimes/linux-x64/native/lib.so" });
    }

    MakeNativesCompatible Run(ITaskItem library, params string[] systemVersions)
    {
        var system = Directory.CreateDirectory(Path.Combine(this.root, "system")).FullName;
        if (systemVersions.Length > 0)
            File.WriteAllBytes(Path.Combine(system, "libstdc++.so.6"), new SmallElf { Defined = [.. systemVersions] }.Write());

        var task = new MakeNativesCompatible
        {
            BuildEngine = this.engine,
            Libraries = [library],
            Directory = this.Output,
            SystemLibraries = new SystemLibraryVersions(null, "no-cache", [system]),
        };
        Assert.True(task.Execute());
        return task;
    }

    sealed class RecordingEngine : IBuildEngine
    {
        public List<BuildWarningEventArgs> Warnings { get; } = [];

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "";

        public bool BuildProjectFile(string project, string[] targets, IDictionary properties, IDictionary outputs) =>
            throw new NotSupportedException();

        public void LogCustomEvent(CustomBuildEventArgs e)
        {
        }

        public void LogErrorEvent(BuildErrorEventArgs e) => Assert.Fail(e.Message);

        public void LogMessageEvent(BuildMessageEventArgs e)
        {
        }

        public void LogWarningEvent(BuildWarningEventArgs e) => this.Warnings.Add(e);
    }
}
