using System.Net;
using System.Text.RegularExpressions;
using OptBias.Optimizers;
using OptBias.Testing;

namespace OptBias.Generators.Tests;

/// <summary>
/// Equations are complete: every symbol in them is a hyperparameter, one of θ, g and t, or stands on the left of a line. The text
/// of all bundled optimizers and of a thousand random ones is walked.
/// </summary>
public sealed partial class EquationTests
{
    /// <summary>What mathematics, or the sentence above the equations, has defined.</summary>
    private static readonly string[] Given = ["θ", "g", "t", "I", "Σ", "Σₐₗₗ", "rows", "columns", "elements"];

    /// <summary>Words of sentences within equations.</summary>
    private static readonly string[] Words = ["after", "the", "step", "steps", "refreshed", "every", "times", "from", "of", "before", "at", "start", "if", "else", "and", "or", "not", "ₐₗₗ", "ⱼ", "ₖ"];

    public static TheoryData<Type> Bundled => [.. typeof(Sgd).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(DeclaredOptimizer))).OrderBy(type => type.Name, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Bundled))]
    public void Every_symbol_of_a_bundled_optimizer_is_defined(Type type) =>
        Assert.All(GeneratedCode.Of(type).Files.Where(file => file.HintName.EndsWith(".cs", StringComparison.Ordinal)), file => Assert.Empty(Undefined(file.Text)));

    [Fact]
    public void Every_symbol_of_a_random_declaration_is_defined()
    {
        var declarations = Enumerable.Range(0, 1000).Select(RandomDeclaration.Make).Where(declaration => declaration.IsValid && declaration.Expected != "OB0049").ToList();
        var texts = new RandomProgram(declarations.Select(declaration => declaration.Source)).Generate().SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).Select(tree => tree.ToString()).ToList();
        Assert.True(texts.Count > 600);
        var failures = texts.Select(text => (Text: text, Missing: Undefined(text).ToList())).Where(found => found.Missing.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(5).Select(found => $"{string.Join(", ", found.Missing)} in\n{string.Join("\n", Lines(found.Text))}").Prepend($"{failures.Count}")));
    }

    [Theory]
    [InlineData("KroneckerBasis(0.9), Sign")]
    [InlineData("Momentum(0.9), KroneckerBasis(0.9), Sign")]
    [InlineData("Momentum(0.9), KroneckerBasis(0.9), ClipByValue(1)")]
    [InlineData("KroneckerBasis, Elementwise(nameof(Rule))")]
    [InlineData("Kronecker(0.9)")]
    [InlineData("Kronecker")]
    [InlineData("Kronecker(0.9, Statistic = KroneckerStatistic.KullbackLeibler)")]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.L2), Kronecker(0.9), Graft(Grafting.Adam)")]
    [InlineData("PowerLaw(2), Diagonal(0.9, Factored = true), ScaleByShape, TrustRatio")]
    public void Matrix_stages_define_what_they_name(string stages)
    {
        var output = DeclarationCompilation.Generate(DeclarationCompilation.Of($"using OptBias;\n[Optimizer, {stages}] public sealed partial class A {{ {(stages.Contains("Rule", StringComparison.Ordinal) ? "static float Rule(float update) => 2 * update;" : "")} }}"));
        var text = output.SyntaxTrees.Single(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).ToString();
        Assert.Empty(Undefined(text));
        foreach (var line in new[] { "Qₖ: ", "Aₖ ← ", "G₍ₖ₎: " })
            Assert.InRange(Lines(text).Count(formula => formula.StartsWith(line, StringComparison.Ordinal)), 0, 1);
    }

    /// <summary>The symbols that nothing defines.</summary>
    private static IEnumerable<string> Undefined(string text)
    {
        var lines = Lines(text);
        var defined = new HashSet<string>(Given.Concat(Hyperparameter().Matches(text).Select(match => WebUtility.HtmlDecode(match.Groups["symbol"].Value))), StringComparer.Ordinal);
        foreach (var line in lines)
        {
            foreach (var clause in line.Split("; "))
            {
                if (Definition().Match(clause) is { Success: true } definition)
                    defined.Add(Bare(definition.Groups["symbol"].Value));
            }

            // A method's number and what it hands to the next step: share, largestₜ = share(...).
            if (line.Split(" = ", 2) is [var left, _] && left.Contains(", ", StringComparison.Ordinal) && left.Split(", ").All(part => !part.Contains(' ', StringComparison.Ordinal)))
                defined.UnionWith(left.Split(", ").Select(Bare));

            // A range defines its index and its end.
            if (line.Contains("k = 1, ..., o", StringComparison.Ordinal))
                defined.UnionWith(["k", "o"]);
        }

        return lines.Where(line => !IsSentence(line)).SelectMany(Symbols).Where(symbol => !defined.Contains(symbol)).Distinct();
    }

    private static bool IsSentence(string line) => Sentence().IsMatch(line);

    private static IEnumerable<string> Symbols(string line) => Symbol().Matches(line)
        .Where(match => match.Index + match.Length == line.Length || line[match.Index + match.Length] != '(')
        .Where(match => !(match.Value == "e" && match.Index > 0 && char.IsDigit(line[match.Index - 1])))
        .Select(match => match.Value)
        .Where(symbol => !Words.Contains(symbol))
        .Select(Bare);

    /// <summary>A symbol without its time, its exponent, and a transposition.</summary>
    private static string Bare(string symbol)
    {
        var before = "";
        while (before != symbol)
        {
            before = symbol;
            foreach (var end in new[] { "ₜ₋₁", "ₜ", "²", "ᵗ", "⁻¹", "ᵀ" })
                symbol = symbol.Length > end.Length && symbol.EndsWith(end, StringComparison.Ordinal) ? symbol[..^end.Length] : symbol;
        }

        // Indices that run over the same dimensions.
        return symbol.Replace('ⱼ', 'ₖ');
    }

    private static List<string> Lines(string text) => [.. Code().Matches(text).SelectMany(match => match.Groups["lines"].Value.Split('\n'))
        .Select(line => WebUtility.HtmlDecode(line.Trim().TrimStart('/').Trim()))
        .Where(line => line.Length > 0)];

    [GeneratedRegex(@"/// <code>\n(?<lines>.*?)/// </code>", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"/// <param name=""\w+"">(?<symbol>[^:\n]+): ")]
    private static partial Regex Hyperparameter();

    [GeneratedRegex(@"^(?<symbol>\S+)( =|:| ←) ")]
    private static partial Regex Definition();

    [GeneratedRegex(@"^\S+: ")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"[\p{L}][\p{L}\p{M}\p{Nd}\p{No}′_₋₍₎⁻⁽⁾]*")]
    private static partial Regex Symbol();
}
