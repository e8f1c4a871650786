using System.Text;

namespace OptBias.Testing.Tests;

/// <summary>What the default engine writes, and what it says.</summary>
[Collection(nameof(BuiltinSnapshotEngineTests))]
[CollectionDefinition(nameof(BuiltinSnapshotEngineTests), DisableParallelization = true)]
public sealed class BuiltinSnapshotEngineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(SnapshotName.AcceptVariable, null);
        this.folder.Dispose();
    }

    [Fact]
    public async Task A_missing_snapshot_fails_leaves_what_was_generated_and_says_how_to_accept()
    {
        var exception = await this.Mismatch("class One;");
        Assert.Contains("Tests.Method#Toys.One.g.verified.cs is missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("OPTBIAS_ACCEPT_SNAPSHOTS=1", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["Tests.Method#Toys.One.g.received.cs"], this.Files());
    }

    [Fact]
    public async Task A_snapshot_is_UTF8_with_a_mark_and_LF_and_keeps_the_final_newline()
    {
        await this.Accept("class One;");
        var bytes = File.ReadAllBytes(this.folder["Tests.Method#Toys.One.g.verified.cs"]);
        Assert.Equal(
            [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("//HintName: Toys.One.g.cs\npartial class One\n{\n    public int Answer => 42;\n}\n")], bytes);
    }

    [Fact]
    public async Task Accepted_code_passes_and_leaves_no_received_file()
    {
        await this.Mismatch("class One; class Bad;");
        await this.Accept("class One; class Bad;");
        await this.Verify("class One; class Bad;");
        Assert.Equal(["Tests.Method#Toys.One.g.verified.cs", "Tests.Method.verified.txt"], this.Files());
    }

    [Fact]
    public async Task A_difference_fails_with_the_changed_lines_and_keeps_the_snapshot()
    {
        await this.Accept("class One;");
        var path = this.folder["Tests.Method#Toys.One.g.verified.cs"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("42", "41", StringComparison.Ordinal), Encoding.UTF8);

        var exception = await this.Mismatch("class One;");
        Assert.Contains(
            "  @@ snapshot line 1, generated line 1 @@\n"
            + "    //HintName: Toys.One.g.cs\n    partial class One\n    {\n"
            + "  -     public int Answer => 41;\n  +     public int Answer => 42;\n    }\n",
            exception.Message,
            StringComparison.Ordinal);
        Assert.Contains("41", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Contains("42", File.ReadAllText(this.folder["Tests.Method#Toys.One.g.received.cs"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_without_a_counterpart_fails_and_is_removed_when_accepted()
    {
        await this.Accept("class One; class Two; class Bad;");
        var exception = await this.Mismatch("class One;");
        Assert.Contains("Tests.Method#Toys.Two.g.verified.cs has no counterpart", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Tests.Method.verified.txt has no counterpart", exception.Message, StringComparison.Ordinal);

        await this.Accept("class One;");
        Assert.Equal(["Tests.Method#Toys.One.g.verified.cs"], this.Files());
    }

    [Fact]
    public async Task Snapshots_of_other_tests_are_left_alone()
    {
        foreach (var other in (string[])["Tests.MethodTwo#A.verified.cs", "Tests.Method_case#A.verified.cs", "Tests.Method_case.verified.txt", "MoreTests.Method#A.verified.cs", "Tests.Method.cs"])
            File.WriteAllText(this.folder[other], "");
        await this.Accept("class One;");
        await this.Verify("class One;");
        Assert.Equal(6, this.Files().Length);
    }

    [Theory]
    [InlineData("\r\n", "differ in line endings only")]
    [InlineData(null, "differ in final newlines only")]
    public async Task A_difference_that_cannot_be_seen_is_named(string? lineEnding, string message)
    {
        await this.Accept("class One;");
        var path = this.folder["Tests.Method#Toys.One.g.verified.cs"];
        var text = File.ReadAllText(path);
        File.WriteAllText(path, lineEnding is null ? text.TrimEnd('\n') : text.ReplaceLineEndings(lineEnding), Encoding.UTF8);
        Assert.Contains(message, (await this.Mismatch("class One;")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_editor_may_add_one_final_newline()
    {
        await this.Accept("class One;");
        var path = this.folder["Tests.Method#Toys.One.g.verified.cs"];
        File.AppendAllText(path, "\n");
        await this.Verify("class One;");
        File.AppendAllText(path, "\n");
        Assert.Contains("final newlines only", (await this.Mismatch("class One;")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("a\rb", "a\nb")]
    [InlineData("a\n\n\n", "a\n\n\n")]
    [InlineData("", "")]
    public async Task Text_is_stored_whole_whatever_its_line_endings_are(string text, string stored)
    {
        Environment.SetEnvironmentVariable(SnapshotName.AcceptVariable, "1");
        await Snapshot.Verify(new GeneratedCode([new GeneratedFile("One.cs", text)]), null, this.folder["Tests.cs"], "Method");
        Assert.Equal("//HintName: One.cs\n" + stored, File.ReadAllText(this.folder["Tests.Method#One.verified.cs"]));
    }

    [Fact]
    public async Task A_run_that_yields_nothing_fails() => Assert.Contains(
        "nothing to compare", (await this.Mismatch("")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Files_of_one_name_are_numbered_in_the_order_of_their_hint_names()
    {
        Environment.SetEnvironmentVariable(SnapshotName.AcceptVariable, "1");
        var code = new GeneratedCode([new GeneratedFile("b/One.cs", "b"), new GeneratedFile("a/One.cs", "a"), new GeneratedFile("One.cu", "c")]);
        await Snapshot.Verify(code, null, this.folder["Tests.cs"], "Method");
        Assert.Equal(["Tests.Method#One.00.verified.cs", "Tests.Method#One.01.verified.cs", "Tests.Method#One.verified.cu"], this.Files());
        Assert.Equal("//HintName: a/One.cs\na", File.ReadAllText(this.folder["Tests.Method#One.00.verified.cs"]));
    }

    [Fact]
    public async Task Names_that_differ_only_in_case_fail_instead_of_hiding_each_other()
    {
        var code = new GeneratedCode([new GeneratedFile("One.cs", ""), new GeneratedFile("a/one.cs", "")]);
        Assert.Contains("two generated files would be stored as Tests.Method#One.verified.cs", (await Assert.ThrowsAsync<SnapshotMismatchException>(
            () => Snapshot.Verify(code, null, this.folder["Tests.cs"], "Method"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_folder_that_is_not_there_is_named_with_the_properties_that_replace_paths()
    {
        var message = (await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => Snapshot.Verify(ToyGenerator.Run("class One;"), null, "/_/absent/Tests.cs", "Method"))).Message;
        foreach (var part in (string[])["/_/absent/Tests.cs", "its folder is not there", "ContinuousIntegrationBuild", "DeterministicSourcePaths=false", "PathMap"])
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a#b")]
    [InlineData("a/b")]
    public async Task Parameters_that_cannot_be_in_a_file_name_are_refused(string parameters) => await Assert.ThrowsAsync<ArgumentException>(
        () => Snapshot.Verify(ToyGenerator.Run("class One;"), parameters, this.folder["Tests.cs"], "Method"));

    [Fact]
    public void A_long_difference_is_cut()
    {
        var verified = string.Join('\n', Enumerable.Range(0, 500));
        var diff = SnapshotDiff.Between(verified, string.Join('\n', Enumerable.Range(1000, 500)));
        Assert.EndsWith("only the first 200 lines are shown.\n", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_distant_changes_are_two_excerpts_with_their_line_numbers()
    {
        var lines = Enumerable.Range(1, 100).Select(i => $"line {i}").ToArray();
        var verified = string.Join('\n', lines);
        lines[9] = "ten";
        lines[89] = "ninety";
        var diff = SnapshotDiff.Between(verified, string.Join('\n', lines));
        Assert.Contains("@@ snapshot line 7, generated line 7 @@\n    line 7\n", diff, StringComparison.Ordinal);
        Assert.Contains("@@ snapshot line 87, generated line 87 @@\n    line 87\n", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("line 50", diff, StringComparison.Ordinal);
    }

    private Task<SnapshotMismatchException> Mismatch(string source) => Assert.ThrowsAsync<SnapshotMismatchException>(() => this.Verify(source));

    private Task Verify(string source) => Snapshot.Verify(ToyGenerator.Run(source), null, this.folder["Tests.cs"], "Method");

    private async Task Accept(string source)
    {
        Environment.SetEnvironmentVariable(SnapshotName.AcceptVariable, "1");
        await this.Verify(source);
        Environment.SetEnvironmentVariable(SnapshotName.AcceptVariable, null);
    }

    private string[] Files() => [.. Directory.GetFiles(this.folder.FullName).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
