using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Package.Tests;

[Collection(FreshSolution.Collection)]
public sealed class FreshSolutionTests(FreshSolution solution)
{
    static bool IsAccepting => Environment.GetEnvironmentVariable("OPTBIAS_ACCEPT_SNAPSHOTS") == "1";

    string Declaration => Path.Combine(solution.Folder, FreshSolution.Name, "MyOptimizer.cs");

    [Fact]
    public void It_builds_from_the_fresh_packages_without_a_warning()
    {
        Assert.Contains("0 Warning(s)", solution.BuildOutput);
        Assert.True(Directory.Exists(Path.Combine(solution.OwnPackages, "optbias.dsl", solution.Packages.Version)));
        Assert.False(Directory.Exists(Path.Combine(FreshPackages.MachinePackages, "optbias.dsl", solution.Packages.Version)));
    }

    /// <summary>Folders may be called what namespaces may not.</summary>
    [Theory]
    [InlineData("class", "class_")]
    [InlineData("my.new.Event", "my.new_.Event")]
    [InlineData("3d-things", "_3d_things")]
    [InlineData("a.1.void", "a._1.void_")]
    [InlineData("News.classes", "News.classes")]
    [InlineData("MyOptimizer", "MyOptimizer")]
    public async Task A_solution_may_have_any_name(string name, string space)
    {
        var folder = await solution.New(name);
        foreach (var path in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            Assert.Empty(CSharpSyntaxTree.ParseText(text).GetDiagnostics());
            Assert.DoesNotContain("OptBiasNamespace", text);
        }

        Assert.Contains($"namespace {space};", File.ReadAllText(Path.Combine(folder, name, "MyOptimizer.cs")));
        Assert.Contains($"new {space}.MyOptimizer(", File.ReadAllText(Path.Combine(folder, name, "Program.cs")));
        Assert.True(File.Exists(Path.Combine(folder, $"{name}.Tests", $"MyOptimizerTests.Generated_code#{space}.MyOptimizer.g.verified.cs")));
    }

    [Fact]
    public async Task A_solution_that_is_called_as_a_keyword_is_builds()
    {
        var folder = await solution.New("my.void");
        Assert.Contains("0 Warning(s)", await DotNet.Run(folder, "build", "--configuration", "Release"));
    }

    [Fact]
    public async Task Its_training_loop_lowers_the_loss()
    {
        var output = await DotNet.Run(
            solution.Folder, "run", "--no-restore", "--configuration", "Release", "--project", FreshSolution.Name);

        var losses = Regex.Matches(output, @"loss (\d+\.\d+)")
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(6, losses.Count);
        Assert.InRange(losses[0], 0.5, 1.5);
        Assert.InRange(losses[^1], 0, 0.1);
    }

    [Fact]
    public async Task Its_tests_pass_the_snapshot_test_among_them()
    {
        if (IsAccepting)
            await this.AcceptSnapshot();

        var (exitCode, output) = await solution.TryTests();

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"Passed:\s+2,", output);
    }

    /// <summary>A server's build replaces the paths of sources, and snapshots are found by them; embedded sources are not generated code.</summary>
    [SkippableFact]
    public async Task Its_tests_pass_in_the_build_of_a_server_with_embedded_sources()
    {
        Skip.If(IsAccepting, "there may be no snapshot to pass yet");
        var (exitCode, output) = await solution.TryTests("-p:ContinuousIntegrationBuild=true", "-p:EmbedAllSources=true");

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"Passed:\s+2,", output);
    }

    /// <summary>The package brings what runs the generator in a test: source text is enough, and what the analyzers say is stored too.</summary>
    [SkippableFact]
    public async Task A_test_of_ones_own_snapshots_source_text()
    {
        Skip.If(IsAccepting, "a missing snapshot is then no failure");
        var file = Path.Combine(solution.Tests, "SourceTests.cs");
        File.WriteAllText(file, """
            using OptBias.Testing;

            namespace Snapshots.Tests;

            public class SourceTests
            {
                [Fact]
                public Task A_mistake() => Snapshot.OfSource("[Optimizer, Momentum(1.0)] public sealed partial class Stuck;");
            }
            """);
        try
        {
            var (exitCode, output) = await solution.TryTests();
            Assert.NotEqual(0, exitCode);
            Assert.Contains("OB0010", File.ReadAllText(Path.Combine(solution.Tests, "SourceTests.A_mistake.received.txt")));
            Assert.Contains("SourceTests.A_mistake", output);

            File.Move(Path.Combine(solution.Tests, "SourceTests.A_mistake.received.txt"), Path.Combine(solution.Tests, "SourceTests.A_mistake.verified.txt"));
            var code = Assert.Single(Directory.GetFiles(solution.Tests, "SourceTests.*.received.cs"));
            File.Move(code, code.Replace(".received.", ".verified."));
            (exitCode, output) = await solution.TryTests();
            Assert.True(exitCode == 0, output);
        }
        finally
        {
            foreach (var left in Directory.GetFiles(solution.Tests, "SourceTests.*"))
                File.Delete(left);
        }
    }

    [SkippableFact]
    public async Task A_changed_declaration_fails_its_snapshot_test_with_the_difference()
    {
        Skip.If(IsAccepting, "there may be no snapshot to differ from yet");
        await this.WithDeclaration(
            declaration => declaration.Replace("[Momentum(0.9)]", "[Momentum(0.75)]"),
            async () =>
            {
                var (exitCode, output) = await solution.TryTests();

                Assert.NotEqual(0, exitCode);
                Assert.Matches(@"\+.*0\.75", output);
            });
    }

    [Fact]
    public async Task A_class_that_is_not_partial_is_a_diagnostic_at_the_class()
    {
        await this.WithDeclaration(
            declaration => declaration.Replace("sealed partial class", "sealed class"),
            async () =>
            {
                var (exitCode, output) = await DotNet.Try(
                    solution.Folder, "build", "--no-restore", "--configuration", "Release", FreshSolution.Name);

                Assert.NotEqual(0, exitCode);
                Assert.Matches(@"MyOptimizer\.cs\(\d+,\d+\): error OB\d{4}", output);
            });
    }

    async Task WithDeclaration(Func<string, string> change, Func<Task> test)
    {
        var before = File.ReadAllText(this.Declaration);
        var changed = change(before);
        Assert.NotEqual(before, changed);
        File.WriteAllText(this.Declaration, changed);
        try
        {
            await test();
        }
        finally
        {
            // Written anew, so that the next build sees a newer file.
            File.WriteAllText(this.Declaration, before);
            foreach (var received in Directory.GetFiles(solution.Tests, "*.received.*"))
                File.Delete(received);
        }
    }

    /// <summary>
    /// OPTBIAS_ACCEPT_SNAPSHOTS=1 renews the snapshot that the template comes with, as it does all others: here, and in
    /// the template.
    /// </summary>
    async Task AcceptSnapshot()
    {
        await solution.TryTests();
        var template = Path.Combine(FreshPackages.RepositoryRoot, "runtime", "OptBias.Templates", "optbias", "OptBias-App.Tests");
        var received = Directory.GetFiles(solution.Tests, "*.received.c?");
        foreach (var old in received.Length == 0 ? [] : Directory.GetFiles(template, "*.verified.*"))
            File.Delete(old);
        foreach (var snapshot in received)
        {
            var verified = snapshot.Replace(".received.", ".verified.");
            File.Move(snapshot, verified, overwrite: true);
            File.WriteAllText(
                Path.Combine(template, Path.GetFileName(verified).Replace(FreshSolution.Namespace, "OptBiasNamespace")),
                File.ReadAllText(verified).Replace(FreshSolution.Namespace, "OptBiasNamespace"),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        }
    }
}
