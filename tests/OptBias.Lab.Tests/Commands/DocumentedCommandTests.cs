using System.Text.RegularExpressions;
using OptBias.Lab.Commands;

namespace OptBias.Lab.Tests.Commands;

/// <summary>Command lines of the laboratory that pages show are understood: commands, options, studies, presets, optimizers, models.</summary>
public sealed partial class DocumentedCommandTests
{
    public static TheoryData<string, string> Shown
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var path in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Prepend(Path.Combine(Root, "README.md")))
            {
                foreach (Match block in Fence().Matches(File.ReadAllText(path)))
                {
                    foreach (var line in block.Groups[1].Value.Replace("\\\n", " ").Split('\n'))
                    {
                        if (Command().Match(line) is { Success: true } match)
                            data.Add(Path.GetRelativePath(Root, path), match.Groups[1].Value.Trim());
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void A_command_of_a_page_is_understood(string page, string command)
    {
        var own = page.EndsWith("your-own-study.md", StringComparison.Ordinal);
        var laboratory = own ? new Laboratory([new LargestWeight()], OptBias.Lab.Training.DeclaredOptimizers.With(typeof(LargestWeight).Assembly)) { Models = [LargestWeight.Maxout] } : Laboratory.Default;
        string[] words = [.. Word().Matches(command).Select(m => m.Value.Trim('"'))];
        Assert.Null(CommandLine.Problem(words, laboratory));
        if (words is not ["run" or "sweep", ..])
            return;
        var study = words.Length > 1 && !words[1].StartsWith('-') ? laboratory.Find(words[1]) : laboratory.Studies[0];
        string? Value(string option) => Array.IndexOf(words, option) is >= 0 and var at ? words[at + 1] : null;
        Assert.NotEmpty(laboratory.Plan(study, Value("--preset") ?? "quick", Value("--optimizers")?.Split(','), Value("--model"), null).Methods);
    }

    [Fact]
    public void A_command_that_is_not_understood_would_be_seen()
    {
        Assert.NotNull(CommandLine.Problem(["rnu"], Laboratory.Default));
        Assert.NotNull(CommandLine.Problem(["run", "--colour"], Laboratory.Default));
        Assert.True(Shown.Count > 15, $"{Shown.Count} commands were found");
    }

    private static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OptBias.Dsl.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("^```sh\\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    /// <summary>What the laboratory is told: behind its project, behind its name, or in the project of a study of one's own.</summary>
    [GeneratedRegex(@"^(?:dotnet run -c Release --project experiments/OptBias\.Lab(?: -p:\S+)* --|dotnet run -c Release --|optbias)\s+([^#]*)")]
    private static partial Regex Command();

    [GeneratedRegex("""[^\s"]*"[^"]*"|\S+""")]
    private static partial Regex Word();
}
