using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Tests;

/// <summary>The bundled declarations, and per-element rules that use every operation, as programs and as optimizers that can be run.</summary>
internal sealed class BiasCorpus : IDisposable
{
    /// <summary>Bodies of per-element methods <c>double Rule(double update, double gradient, double parameter)</c>.</summary>
    private static readonly string[] Bodies =
    [
        "update * Math.Exp(-Math.Abs(gradient))",
        "update * Math.Exp(0.1 * gradient)",
        "update * Math.Exp(0.1 * Math.Abs(parameter))",
        "update * Math.Exp(-Math.Abs(parameter)) * Math.Abs(parameter)",
        "update * Math.Log(2 + Math.Abs(gradient))",
        "update * Math.Log(4 + Math.Tanh(gradient))",
        "update * Math.Log(2 + Math.Abs(parameter))",
        "Math.Tanh(update)",
        "update * Math.Tanh(parameter)",
        "Math.Tanh(parameter * parameter) * update",
        "Math.CopySign(Math.Abs(gradient), update)",
        "Math.CopySign(1, update)",
        "Math.CopySign(update, 1)",
        "Math.CopySign(parameter, update)",
        "Math.CopySign(2, parameter) * update",
        "Math.Clamp(update, -1, 1)",
        "Math.Clamp(update, -1, 2)",
        "Math.Clamp(update, -2 * Math.Abs(gradient), 3 * Math.Abs(gradient))",
        "Math.Clamp(parameter, -1, 1) * update",
        "Math.Min(update, gradient * 0.5)",
        "Math.Max(update, gradient * 0.5)",
        "Math.Min(Math.Abs(update), Math.Abs(gradient) * 0.5)",
        "Math.Max(Math.Abs(update), Math.Abs(gradient) * 0.5) * update",
        "Math.Max(Math.Abs(update), 0.5)",
        "Math.Min(Math.Abs(update), 0.5)",
        "Math.Min(Math.Max(update, -0.5), 0.5)",
        "Math.Max(Math.Abs(parameter), parameter * parameter) * update",
        "Math.Min(Math.Abs(parameter), parameter * parameter) * update",
        "Math.FusedMultiplyAdd(0.5, gradient, update)",
        "Math.FusedMultiplyAdd(gradient, gradient, update)",
        "Math.FusedMultiplyAdd(gradient, gradient, update * update)",
        "Math.FusedMultiplyAdd(gradient, gradient, 1)",
        "Math.FusedMultiplyAdd(parameter, parameter, Math.Abs(parameter)) * update",
        "Math.FusedMultiplyAdd(0.1, parameter, update)",
        "Math.Pow(Math.Abs(update), 0.5) * Math.Sign(update)",
        "Math.Pow(update, 3)",
        "Math.Pow(update, 2)",
        "Math.Pow(2, 0.1 * Math.Abs(gradient)) * update",
        "Math.Pow(Math.Abs(parameter), 1.5) * update",
        "Math.Sqrt(Math.Abs(update)) * Math.Sign(gradient)",
        "Math.Sqrt(Math.Abs(parameter)) * update",
        "Math.Sqrt(4 + Math.Tanh(gradient)) * update",
        "Math.Abs(update)",
        "Math.Abs(parameter) * update",
        "Math.Sign(update) * 0.5",
        "Math.Sign(parameter) * update",
        "-(gradient - (2 * update))",
        "-parameter * Math.Abs(update)",
        "parameter - update - parameter",
        "(parameter + (0.1 * update)) - parameter",
        "update - parameter",
        "update + parameter",
        "update - 0.25",
        "update + 0.25",
        "0.25 * update",
        "update / 3",
        "update / gradient",
        "update / (1 + Math.Abs(update))",
        "parameter / (1 + Math.Abs(parameter)) * update",
        "update / Math.Abs(parameter)",
        "update * gradient",
        "update * gradient * update",
        "Math.Abs(gradient) < 1 ? update : 0",
        "gradient < 1 ? update : 2 * update",
        "0.5 * Math.Abs(update) < Math.Abs(gradient) ? update : 2 * update",
        "update <= 0 ? update : 2 * update",
        "Math.Abs(gradient) <= Math.Abs(parameter) ? update : 0",
        "update * gradient <= 0 ? 0.5 * update : update",
        "update == gradient ? update : 2 * update",
        "Math.Sign(update) == 1 ? update : 2 * update",
        "Math.Sign(update) == Math.Sign(gradient) ? update : 2 * update",
        "Math.Min(Math.Abs(update), 1) == 1 ? update : 2 * update",
        "Math.Abs(parameter) < 1 ? update : 2 * update",
        "parameter < 0 ? update : 2 * update",
        "parameter == 0 ? 0 : update",
        "update * gradient > 0 && Math.Abs(update) > 0.1 ? update : 0.5 * update",
        "update * gradient > 0 && gradient * gradient > 0 ? update : 0.5 * update",
        "update * gradient > 0 || update > 0 ? update : 0.5 * update",
        "update * gradient > 0 || parameter * parameter > 1 ? update : 0.5 * update",
        "update * gradient < 0 || gradient == 0 ? update : 0.5 * update",
        "!(update * gradient > 0) ? update : 0.5 * update",
        "!(update > 0.5) ? update : 0.5 * update",
        "!(update * gradient > 0) && gradient * gradient > 0 ? update : 0.5 * update",
        "!(update * gradient > 0) || Math.Abs(update) > 0.1 ? update : 0.5 * update",
        "!(Math.Abs(parameter) > 1) && Math.Abs(update) > 0 ? update : 0.5 * update",
        "!(update > 0.5) && Math.Abs(update) > 0 ? update : 0.5 * update",
        "update * gradient > 0 ? update : gradient * 0.5",
        "update * gradient > 0 ? update : Math.Sign(update)",
        "update * gradient > 0 ? update : Math.Abs(update)",
        "update * gradient > 0 ? parameter * update : parameter * parameter * update",
        "update * gradient > 0 ? parameter : parameter - update",
    ];

    private static readonly string[] Stages =
    [
        "[ClipByNorm(1.0)]", "[ClipByNorm(1.0, Scope = ClipScope.Tensor), HeavyBall(0.5)]", "[ClipByRootMeanSquare(1.0)]", "[ClipByValue(0.5)]", "[TrustRatio]", "[ScaleByParameter(0.1)]", "[Sign, HeavyBall(0.5)]",
        "[HeavyBall(0.9, Dampening = 0.5)]", "[Diagonal(0.9, Exponent = 0.25)]", "[Diagonal(0.9, Centered = true)]", "[Momentum(0.9), Graft(Grafting.Sgd)]",
        "[Kronecker(0.9, Exponent = 0.125)]", "[KroneckerBasis(0.9), Elementwise(nameof(Bent))]", "[KroneckerBasis(0.9), Diagonal(0.9), ClipByNorm(0.5)]", "[KroneckerBasis(0.9), Elementwise(nameof(Square))]", "[Orthogonalize, ClipByValue(0.2)]",
    ];

    /// <summary>A rule that reads what another method has kept of the gradients: its degree is not what it looks like.</summary>
    private const string Carrying = """
        [Optimizer, Momentum(0.8), Elementwise(nameof(Rule))]
        public sealed partial class Carrying
        {
            static double Rule(double update, double parameter, double kept, double largest) => update * (kept + largest) + (kept * parameter * 0.001);

            [Sum]
            static double Size(double gradient, double parameter) => gradient * gradient * parameter;

            [PerStep]
            static double Kept(long step, double size, ref double largest) => largest = Math.Max(largest, Math.Abs(size));
        }

        """;

    private readonly CompiledOptimizers compiled;

    public BiasCorpus()
    {
        List<string> sources =
        [
            .. Bodies.Select((body, k) => $"[Optimizer, Momentum(0.8), Elementwise(nameof(Rule))]\npublic sealed partial class Body{k}\n{{\n    static double Rule(double update, double gradient, double parameter) => {body};\n}}\n"),
            .. Stages.Where(stages => !stages.Contains("Graft", StringComparison.Ordinal)).Select((stages, k) => $"[Optimizer]\n{stages}\npublic sealed partial class Stages{k}\n{{\n    static double Bent(double update) => Math.Tanh(update);\n\n    static double Square(double update) => update * update;\n}}\n"),
            Carrying,
            .. Directory.GetFiles(Path.Combine(SourceFolder(), "../../../experiments/OptBias.Optimizers"), "*.cs").Order(StringComparer.Ordinal).Select(path => File.ReadAllText(path).Replace("namespace OptBias.Optimizers;", "namespace Corpus;", StringComparison.Ordinal)).Where(text => !text.Contains("[Route", StringComparison.Ordinal)),
        ];
        var program = new RandomProgram(sources);
        var compilation = program.Generate();
        this.compiled = CompiledOptimizers.Load(compilation);
        foreach (var type in Types(compilation.Assembly.GlobalNamespace))
        {
            if (type.AttributesOf(DeclarationReader.OptimizerAttribute).FirstOrDefault() is not { } optimizer)
                continue;
            var reading = DeclarationReader.Read(type, optimizer, compilation, default);
            var descriptor = this.compiled.Descriptor(reading.Declaration!.MetadataName);
            this.Entries.Add((reading.Declaration.Name, descriptor, LoweringContext.Lower(reading.Declaration)));
        }
    }

    /// <summary>The declarations: by name, to be run, and as a program.</summary>
    public List<(string Name, OptimizerDescriptor Descriptor, UpdateProgram Program)> Entries { get; } = [];

    public void Dispose() => this.compiled.Dispose();

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) =>
        space.GetTypeMembers().Where(type => type.DeclaringSyntaxReferences.Length > 0).Concat(space.GetNamespaceMembers().SelectMany(Types));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
