using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Generators.Tests;

/// <summary>What pages show is true: C# compiles, commands name what is there. Pages that are run whole have tests of their own.</summary>
public sealed class PageTests
{
    /// <summary>Blocks in these languages, and which test holds them. A new kind of block needs a test, or a reason here.</summary>
    private static readonly Dictionary<string, string> Languages = new()
    {
        ["csharp"] = "C_sharp_of_the_pages_compiles, or RunElsewhere",
        ["sh"] = "Commands_of_the_pages_name_what_is_there; those of the laboratory: DocumentedCommandTests",
        ["xml"] = "OwnStudyProjectTests builds docs/your-own-study.md, PublishTests publishes with the lines of docs/publishing.md",
        ["sql"] = "DuckDbTests",
        ["text"] = "output, equations (CommittedCardTests), and in docs/language-design.md C# that is proposed and does not exist",
        ["python"] = "docs/checkpoints.md: needs PyTorch, which this repository does without; TorchFormatTests read such files",
    };

    /// <summary>C# that is run as a whole, by which test.</summary>
    private static readonly Dictionary<string, string> RunElsewhere = new()
    {
        ["docs/training.md"] = "OptimizersPackageTests",
        ["docs/your-own-study.md"] = "YourOwnStudyTests",
        ["docs/diagnostics/"] = "DiagnosticPageTests",
    };

    /// <summary>What a block may take for granted: names that the text around it introduces.</summary>
    private const string Surroundings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading.Tasks;
        using OptBias; using OptBias.Optimizers; using OptBias.Testing; using TorchSharp; using Xunit; using Surroundings;
        namespace Surroundings
        {
            [Optimizer] [Momentum(0.9)] public sealed partial class MyOptimizer;
            [Optimizer] [Momentum(0.9)] [Diagonal(0.999)] public sealed partial class MyAdam;
            public abstract class Given
            {
                protected static torch.nn.Module<torch.Tensor, torch.Tensor> model = null!;
                protected static TorchSharp.Modules.Parameter[] decay = null!, plain = null!;
                protected static OptBias.Optimizers.AdamW optimizer = null!;
                protected static string path = "";
            }
        }

        """;

    public static TheoryData<string> Compiled => [.. PageBlock.All.Where(b => b.Language == "csharp" && !RunElsewhere.Keys.Any(page => b.Page.StartsWith(page, StringComparison.Ordinal)) && !IsGenerated(b)).Select(b => b.Name)];

    [Fact]
    public void Every_block_is_of_a_kind_that_a_test_holds() =>
        Assert.Empty(PageBlock.All.Where(b => !Languages.ContainsKey(b.Language)).Select(b => $"{b.Name}: a block of the kind '{b.Language}'; known: {string.Join(", ", Languages.Keys)}"));

    [Theory]
    [MemberData(nameof(Compiled))]
    public void C_sharp_of_the_pages_compiles(string name)
    {
        var source = Surroundings + Placed(PageBlock.All.Single(b => b.Name == name).Text);
        var output = DeclarationCompilation.Generate(DeclarationCompilation.Of(source));
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
    }

    /// <summary>The front page shows the code that is generated, not code like it.</summary>
    [Fact]
    public void The_generated_code_of_the_front_page_is_generated()
    {
        var shown = Assert.Single(PageBlock.All, IsGenerated);
        var generated = File.ReadAllLines(Path.Combine(PageBlock.Root, "tests/OptBias.Generators.Tests/Snapshots/DeclaredOptimizerTests.Generated_code_AdamW#OptBias.Optimizers.AdamW.g.verified.cs"));
        Assert.Contains(Trimmed(shown.Text.Split('\n')), Trimmed(generated), StringComparison.Ordinal);

        static string Trimmed(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    [Fact]
    public void Commands_of_the_pages_name_what_is_there() =>
        Assert.Empty(PageBlock.All.Where(b => b.Language == "sh").SelectMany(b => Commands(b.Text).Select(command => (b.Name, Command: command, Problem: Problem(command)))).Where(c => c.Problem is not null).Select(c => $"{c.Name}: '{c.Command}': {c.Problem}"));

    [Theory]
    [InlineData("dotnet run --project experiments/Nowhere")]
    [InlineData("dotnet test tests/OptBias.Runtime.Tests --filter \"FullyQualifiedName~NoSuchTests\"")]
    [InlineData("OPTBIAS_NOTHING=1 dotnet test")]
    [InlineData("dotnet add package Some.Package")]
    [InlineData("tools/nothing")]
    [InlineData("make")]
    public void A_command_that_names_what_is_not_there_is_found(string command) => Assert.NotNull(Problem(command));

    private static bool IsGenerated(PageBlock block) => block.Page == "README.md" && block.Text.Contains("var thetaNext", StringComparison.Ordinal);

    /// <summary>A block where it compiles: types in a namespace, members in a class, statements in a method.</summary>
    private static string Placed(string text)
    {
        var body = Regex.Replace(text, @"\A(using [\w.]+;\n)+", "");
        var members = ((CompilationUnitSyntax)CSharpSyntaxTree.ParseText(body).GetRoot()).Members;
        if (members.All(m => m is BaseTypeDeclarationSyntax))
            return $"namespace Shown\n{{\n{body}}}\n";
        if (members.All(m => m is GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax { AttributeLists.Count: > 0 } }))
        {
            return body.Contains("[PerStep]", StringComparison.Ordinal)
                ? $"namespace Shown\n{{\n[Optimizer] [Elementwise(nameof(Each))] public sealed partial class Holder\n{{\nstatic double Each(double update, double warmth) => update * warmth;\n{body}}}\n}}\n"
                : $"namespace Shown\n{{\npublic class Holder\n{{\n{body}}}\n}}\n";
        }

        return $"namespace Shown\n{{\npublic class Holder : Given\n{{\nstatic void Run()\n{{\n{body}}}\n}}\n}}\n";
    }

    /// <summary>The commands of a block: lines that end in a backslash go on, comments are left out.</summary>
    private static IEnumerable<string> Commands(string text) => text.Replace("\\\n", " ").Split('\n').Select(line => Regex.Replace(line, @"(^|\s)#.*$", "").Trim()).Where(line => line.Length > 0);

    /// <summary>What a command names that is not there; null where all is.</summary>
    private static string? Problem(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var variable in words.TakeWhile(word => Regex.IsMatch(word, "^[A-Z_]+=")).Select(word => word[..word.IndexOf('=')]))
        {
            if (!Sources.Value.Any(source => source.Contains($"\"{variable}\"", StringComparison.Ordinal)))
                return $"nothing reads {variable}";
        }

        words = [.. words.SkipWhile(word => Regex.IsMatch(word, "^[A-Z_]+="))];
        return words switch
        {
            ["dotnet", "run", ..] => Array.IndexOf(words, "--project") is >= 0 and var at ? Missing(words[at + 1]) : null,
            ["dotnet", "test", ..] => words.Skip(2).Where(word => word.StartsWith("tests/", StringComparison.Ordinal)).Select(Missing).FirstOrDefault(problem => problem is not null) ?? MissingTest(command),
            ["dotnet", "add", "package", var id, ..] => Sources.Value.Any(source => source.Contains($"Include=\"{id}\"", StringComparison.Ordinal) || source.Contains($"<PackageId>{id}<", StringComparison.Ordinal)) || Path.Exists(Path.Combine(PageBlock.Root, "experiments", id, $"{id}.csproj")) ? null : $"no package {id} is known here",
            ["dotnet", "new" or "tool" or "suggest", ..] or ["cd", _] or ["optbias", ..] => null,
            ["python", var script, ..] => Missing(script),
            [var tool, ..] when tool.StartsWith("tools/", StringComparison.Ordinal) => Missing(tool),
            _ => "is a command that this test does not know",
        };
    }

    private static string? Missing(string path) => Path.Exists(Path.Combine(PageBlock.Root, path)) ? null : $"there is no {path}";

    private static string? MissingTest(string command) => Regex.Matches(command, @"FullyQualifiedName~(\w+)").Select(m => m.Groups[1].Value)
        .Where(name => !Sources.Value.Any(source => Regex.IsMatch(source, $@"\b(class|record|void|Task) \w*{name}"))).Select(name => $"there is no test {name}").FirstOrDefault();

    /// <summary>Every source and project file.</summary>
    private static Lazy<IReadOnlyList<string>> Sources { get; } = new(() =>
    [
        .. from folder in (string[])["tests", "tools", "runtime", "experiments", "generators"]
           from path in Directory.EnumerateFiles(Path.Combine(PageBlock.Root, folder), "*.*", SearchOption.AllDirectories)
           where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".csproj", StringComparison.Ordinal)
           where !Regex.IsMatch(path, @"[/\\](obj|bin)[/\\]")
           select File.ReadAllText(path),
        File.ReadAllText(Path.Combine(PageBlock.Root, "Directory.Packages.props")),
    ]);
}
