using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Benchmarks.Generator;

/// <summary>A project with many declared optimizers, of every kind that the language has, ten to a file; and a file that has none.</summary>
internal static class ManyDeclarations
{
    private const int PerFile = 10;

    private static readonly string[] Kinds =
    [
        "[Momentum({B})]\n[Diagonal(0.999)]\n[WeightDecay(0.01)]\npublic sealed partial class {N};",
        "[WeightDecay(1e-4, Mode = DecayMode.L2)]\n[HeavyBall({B}, Nesterov = true)]\npublic sealed partial class {N};",
        "[PowerLaw(2.0)]\n[Momentum({B})]\n[Diagonal(0.99, Centered = true)]\npublic sealed partial class {N};",
        "[Momentum({B})]\n[Kronecker(0.99)]\n[Graft(Grafting.Adam)]\n[WeightDecay(0.01)]\npublic sealed partial class {N};",
        "[Momentum({B})]\n[KroneckerBasis(0.95)]\n[Diagonal(0.95)]\npublic sealed partial class {N};",
        "[ClipByNorm(1.0)]\n[Momentum({B}, Interpolation = 0.95)]\n[Sign]\npublic sealed partial class {N};",
        "[Momentum({B})]\n[Diagonal(0.999)]\n[WeightDecay(0.01)]\n[TrustRatio]\npublic sealed partial class {N};",
        "[Momentum({B}, Nesterov = true)]\n[Orthogonalize]\n[ScaleByShape]\npublic sealed partial class {N};",
        "[Diagonal({B}, Factored = true)]\n[ClipByRootMeanSquare(1.0)]\n[ScaleByParameter(1e-3)]\npublic sealed partial class {N};",
        """
        [Momentum({B})]
        [Elementwise(nameof(Rule))]
        public sealed partial class {N}
        {
            static float Rule(float update, float gradient, ref float slow, [Hyper(0.1, Minimum = 0)] float gamma, float warmth)
            {
                slow += gamma * (gradient - slow);
                var mixed = MathF.Abs(update) > MathF.Abs(slow) ? update : slow;
                return warmth * mixed / (MathF.Sqrt(slow * slow) + 1e-8f);
            }

            [PerStep]
            static double Warmth(long step) => Math.Min(1, step / 100.0);
        }
        """,
    ];

    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    /// <summary>The project; its last file is <see cref="Unrelated"/>.</summary>
    public static CSharpCompilation Project(int declarations)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Many", [.. Files(declarations), Unrelated(0)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>A file without an optimizer, as it is after an edit.</summary>
    public static SyntaxTree Unrelated(int edit) => CSharpSyntaxTree.ParseText(
        string.Create(CultureInfo.InvariantCulture, $"namespace Many;\n\npublic class Unrelated {{ public int Field{edit}; }}\n"), Parsing, "Unrelated.cs");

    /// <summary>A file with more optimizers.</summary>
    /// <param name="first">The number of the first; numbers that the project has not had make text that nobody has read yet.</param>
    /// <param name="count">How many; with 0 the file has the first one's class, and no <c>[Optimizer]</c> on it.</param>
    public static SyntaxTree More(int first, int count)
    {
        var classes = Enumerable.Range(first, Math.Max(1, count)).Select(Declaration);
        var text = $"using System;\nusing OptBias;\n\nnamespace Many;\n\n{string.Join("\n\n", classes)}\n";
        return CSharpSyntaxTree.ParseText(count == 0 ? text.Replace("[Optimizer]", "", StringComparison.Ordinal) : text, Parsing, "More.cs");
    }

    private static IEnumerable<SyntaxTree> Files(int declarations)
    {
        for (var first = 0; first < declarations; first += PerFile)
        {
            var text = new StringBuilder("using System;\nusing OptBias;\n\nnamespace Many;\n\n");
            for (var k = first; k < Math.Min(declarations, first + PerFile); k++)
                text.Append(Declaration(k)).Append("\n\n");
            yield return CSharpSyntaxTree.ParseText(text.ToString(), Parsing, string.Create(CultureInfo.InvariantCulture, $"Optimizers{first / PerFile}.cs"));
        }
    }

    private static string Declaration(int number) => "[Optimizer]\n" + Kinds[number % Kinds.Length]
        .Replace("{B}", string.Create(CultureInfo.InvariantCulture, $"{0.5 + (0.4 * (number % 97) / 97.0):R}"), StringComparison.Ordinal)
        .Replace("{N}", string.Create(CultureInfo.InvariantCulture, $"Optimizer{number}"), StringComparison.Ordinal);
}
