using System.Globalization;

namespace OptBias.Generators.Tests;

/// <summary>The parts of a declaration before they are written down, so that a mistake can be made in any of them.</summary>
internal sealed class DeclarationDraft
{
    private readonly string path;

    public DeclarationDraft(Random random, int seed)
    {
        this.Number = seed.ToString(CultureInfo.InvariantCulture);
        this.Name = "Random" + this.Number;
        this.Optimizer = random.Next(2) == 0 ? "[Optimizer]" : $"[Optimizer(LearningRate = {StageGrammar.Number(random.NextDouble())})]";
        (this.Open, this.Close, this.path) = Place(random, this.Number);
        if (random.Next(20) == 0)
        {
            // Words of the language are names too, and so is what other alphabets have.
            this.Name = Pick(random, "@event", "@record", "@required", "sgd", "Größe", "ลาด");
            (this.Open, this.Close, this.path) = ($"namespace @namespace.Own{this.Number} {{ public partial class @class {{", "} }", $"namespace.Own{this.Number}.class+");
        }

        this.Modifiers = Pick(random, "public sealed partial class", "public sealed partial class", "internal sealed partial class", "public partial class");
    }

    /// <summary>What tells it from all others.</summary>
    public string Number { get; }

    public string Name { get; set; }

    /// <summary>The attribute, or nothing.</summary>
    public string Optimizer { get; set; }

    public List<string> Stages { get; } = [];

    /// <summary>The attribute <c>[State]</c> without its brackets, or nothing.</summary>
    public string State { get; set; } = "";

    /// <summary>Attributes <c>[Route]</c>, as C#.</summary>
    public string Routes { get; set; } = "";

    /// <summary>Other classes, as C#.</summary>
    public string Others { get; set; } = "";

    public string Modifiers { get; set; }

    public string TypeParameters { get; set; } = "";

    public string Base { get; set; } = "";

    /// <summary>What stands around the class.</summary>
    public string Open { get; set; }

    public string Close { get; set; }

    /// <summary>Members beside those that the stages name.</summary>
    public string Members { get; set; } = "";

    public string MetadataName => this.path + this.Name.TrimStart('@');

    /// <summary>Makes it one that leads to two or three others.</summary>
    public void MakeComposite(Random random)
    {
        string[] ways = random.Next(3) switch
        {
            0 => ["When = ParameterShape.Matrix", Pick(random, "", "When = ParameterShape.Any")],
            1 => ["When = ParameterShape.Vector", "When = ParameterShape.Matrix"],
            _ => ["When = ParameterShape.Kernel", "When = ParameterShape.Matrix", ""],
        };
        for (var k = 0; k < ways.Length; k++)
        {
            var target = $"Target{this.Number}{(char)('A' + k)}";
            var grammar = new StageGrammar(random);
            this.Others += Text(Kept("[Optimizer]", grammar.State()), "", grammar.Stages(), $"public sealed partial class {target}", "");
            var name = k > 0 && random.Next(3) == 0 ? $"Name = \"Way{k}\"" : "";
            this.Routes += $"[Route({string.Join(", ", new[] { $"typeof(global::{target})", ways[k], name }.Where(argument => argument.Length > 0))})]\n";
        }
    }

    /// <summary>Makes it one of what a grammar says.</summary>
    public void Take(StageGrammar grammar)
    {
        this.State = grammar.State();
        this.Stages.AddRange(grammar.Stages());
    }

    /// <summary>Makes it an ordinary declaration with these stages and no others.</summary>
    public void Take(params string[] stages)
    {
        this.Routes = "";
        this.Stages.Clear();
        this.Stages.AddRange(stages);
    }

    public override string ToString() =>
        $"{this.Others}{this.Open}\n{Text(Kept(this.Optimizer, this.State), this.Routes, this.Stages, $"{this.Modifiers} {this.Name}{this.TypeParameters}{this.Base}", this.Members)}{this.Close}\n";

    private static string Kept(string optimizer, string state) => state.Length == 0 ? optimizer : $"{optimizer}\n[{state}]";

    private static string Text(string optimizer, string routes, List<string> stages, string header, string members)
    {
        var attributes = optimizer + "\n" + routes + string.Concat(stages.Select(stage => $"[{stage}]\n"));
        members += string.Concat(Methods.Where(method => stages.Exists(stage => stage.Contains($"nameof({method.Key})", StringComparison.Ordinal))).Select(method => method.Value));
        return members.Length == 0 ? $"{attributes}{header};\n" : $"{attributes}{header}\n{{\n{members}}}\n";
    }

    /// <summary>The members that stages name.</summary>
    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["Rule0"] = """
            static float Rule0(float update, float gradient, ref float slow, [Hyper(0.3, Minimum = 0, Maximum = 1)] float gamma)
            {
                slow += gamma * (gradient - slow);
                return update * slow > 0 ? update : 0.5f * update;
            }

            """,
        ["Rule1"] = """
            static double Rule1(double update, double parameter, double warmth) => (warmth * Math.Tanh(update)) + (0.01 * parameter);

            [PerStep]
            static double Warmth(long step, [Hyper(10, Minimum = 1)] double warmup) => Math.Min(1, step / warmup);

            """,
        ["Rule2"] = "static float Rule2(float update) => MathF.Sqrt(MathF.Abs(update)) * MathF.Sign(update);\n",
        ["Rule3"] = """
            static double Rule3(double update, double aligned, double size, double share, double rows, ref double trace)
            {
                trace = (0.5 * trace) + update;
                return ((update + (0.1 * trace)) * share / Math.Sqrt(1 + size)) + (0.01 * Math.Tanh(aligned) / rows);
            }

            [Sum]
            static double Aligned(double update, double gradient, double trace, double elements) => update * (gradient + trace) / elements;

            [Sum(Over = SumOver.AllParameters)]
            static double Size(double gradient, [Hyper(0.25, Minimum = 0)] double damping) => damping * gradient * gradient;

            [PerStep]
            static double Share(long step, double size, double columns, ref double largest, ref double count)
            {
                largest = Math.Max(largest, size);
                return (1 + (1.0 / (++count + columns))) / (1 + largest);
            }

            """,
        ["Rule4"] = """
            static double Rule4(double update, double power, double below, double columns, [PerRow] ref double pace, [PerColumn] ref double most)
            {
                pace = (0.75 * pace) + (power / columns);
                most = Math.Max(most, below);
                return update / Math.Sqrt(1e-3 + pace) / (1 + most);
            }

            [Sum(Over = SumOver.EachRow)]
            static double Power(double update) => update * update;

            [Sum(Over = SumOver.EachColumn)]
            static double Below(double gradient, double pace) => gradient * gradient / (1 + pace);

            """,
        ["Point0"] = "static float Point0(float parameter, float slow) => (0.5f * parameter) + slow;\n",
        ["Point1"] = """
            static double Point1(double parameter, double phase, double rows, [Hyper(0.7, Minimum = 0)] double part) => (part * parameter) + (phase / rows);

            [PerStep]
            static double Phase(long step, double lr) => lr / step;

            """,
        ["Decay"] = "[PerStep]\nstatic double Decay(long step, [Hyper(0.8)] double decayPower) => 1 - Math.Pow(step, -decayPower);\n",
    };

    private static (string Open, string Close, string Path) Place(Random random, string number) => random.Next(12) switch
    {
        0 => ($"namespace Some.Where{number}\n{{", "}", $"Some.Where{number}."),
        1 => ($"public static partial class Holder{number}\n{{", "}", $"Holder{number}+"),
        2 => ($"public readonly ref partial struct Holder{number}\n{{", "}", $"Holder{number}+"),
        3 => ($"partial record Holder{number}\n{{", "}", $"Holder{number}+"),
        4 => ($"namespace Deep{number} {{ public partial interface Outer {{ partial record struct Inner\n{{", "} } }", $"Deep{number}.Outer+Inner+"),
        5 => ("/// <summary>Documented.</summary>", "", ""),
        _ => ("", "", ""),
    };

    private static string Pick(Random random, params string[] items) => items[random.Next(items.Length)];
}
