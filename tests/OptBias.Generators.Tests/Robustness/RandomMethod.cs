using System.Globalization;
using System.Text.RegularExpressions;

namespace OptBias.Generators.Tests;

/// <summary>A class with a per-element method made by chance. The same seed makes the same one.</summary>
internal sealed class RandomMethod
{
    private static readonly string[] StatementMistakes =
    [
        "for (var i = 0; i < 3; i++) update += 1;", "foreach (var x9 in new[] { update }) gradient += x9;", "while (update > 1) update *= 0.5f;",
        "int n9 = 3;", "update++;", "try { update += 1; } finally { }", "throw new System.Exception();", "T F9(T x) => x;", "var s9 = \"text\";",
        "update = Rule0(update);", "System.Console.WriteLine(update);", "switch (gradient) { case 0: break; }", "ref var r9 = ref update;",
        "var array9 = new T[1];", "using (null) { }", "lock (typeof(T)) { }", "if (update is > 0) gradient = 1;", "Field9 = update;", "(update, gradient) = (gradient, update);",
        "update = gradient > 0 ? (gradient = 1) : 2;", "update = ;", "update += undefined9;",
    ];

    private static readonly string[] ExpressionMistakes =
    [
        "MATH.Sin(update)", "MATH.Round(gradient)", "(T)(int)update", "(update % 2)", "Other9.Weight(update)", "Field9", "(T)System.Environment.TickCount", "(update switch { > 0 => 1, _ => 0 })",
        "Again(update)", "new System.Random().NextSingle()", "(T)(object)update", "Math.Sign(update) * Math.Sign(gradient) / 2", "(update is > 0 ? 1 : 0)", "MATH.Log(update, 2)", "default(System.TimeSpan).Ticks", "Generic9<T>(update)",
    ];

    private static readonly (string Before, string After)[] SignatureMistakes =
    [
        ("static T Rule(", "T Rule("), ("static T Rule(", "static int Rule("), ("static T Rule(", "static T Rule<U>("), ("T update,", "T updat,"), ("T gradient,", "decimal gradient,"),
        ("T gradient,", "in T gradient,"), ("[Hyper(0.3)] T gamma", "[Hyper(0.3)] T lr"), ("[Hyper(0.3)] T gamma", "[Hyper(double.NaN)] T gamma"), ("[PerStep]", ""),
        ("static double Warmth(", "static float Warmth("), ("double Warmth(long step", "double Warmth(int step"), ("double gamma)", "double gama)"), ("nameof(Rule)", "\"Rul\""),
        ("ref T a,", "out T a,"), ("static T Rule(", "static extern T Rule("),
    ];

    private const string Elementwise = "Elementwise(nameof(Rule))";

    private static readonly Regex Suffix = new(@"(?<=\d)f\b");
    private static readonly Regex TypeName = new(@"\bT\b");

    private readonly Random random;
    private readonly bool isDouble;
    private readonly List<string> numbers = ["update", "gradient", "parameter", "a", "b", "gamma", "warmth"];
    private readonly List<string> conditions = [];
    private readonly string? badExpression;
    private int names;

    private RandomMethod(int seed, bool isDouble, bool valid)
    {
        this.random = new Random(seed);
        this.isDouble = isDouble;
        this.Name = string.Create(CultureInfo.InvariantCulture, $"Method{seed}");
        var kind = valid ? -1 : this.random.Next(3);
        this.badExpression = kind == 1 ? Pick(ExpressionMistakes) : null;
        var statements = this.Statements(3, 4);
        statements.Add($"return Math.Clamp({this.Number(3)}, -10, 10){(this.badExpression is null ? "" : " + " + this.badExpression)};");
        if (kind == 0)
        {
            this.Mistake = Pick(StatementMistakes);
            statements.Insert(this.random.Next(statements.Count), this.Mistake);
        }

        this.Mistake ??= this.badExpression;
        this.Stages = this.PickStages();
        var members = Members(statements);
        var text = $"[Optimizer(LearningRate = 0.1), {string.Join(", ", this.Stages)}]\npublic sealed partial class {this.Name}\n{{\n{members}\n}}\n";
        if (kind == 2)
        {
            var (before, after) = Pick(SignatureMistakes);
            this.Mistake = $"{after} for {before}";
            text = Replaced(text, before, after);
        }

        this.Source = Typed(text, isDouble);
        if (!isDouble && this.Mistake is null)
            this.Source += Typed($"static class {this.OracleName}\n{{\n{members}\n}}\n", isDouble: true);
    }

    public string Name { get; }

    /// <summary>The class whose method says, in double, what a step must do: a method with <c>float</c> has a twin, in which that says <c>double</c>.</summary>
    public string OracleName => this.isDouble ? this.Name : this.Name + "Twin";

    public string Source { get; }

    /// <summary>The stages of the class, the method among them.</summary>
    public List<string> Stages { get; }

    /// <summary>The stages above the method.</summary>
    public IReadOnlyList<string> Above => [.. this.Stages.TakeWhile(stage => stage != Elementwise)];

    /// <summary>The stages below the method.</summary>
    public IReadOnlyList<string> Below => [.. this.Stages.SkipWhile(stage => stage != Elementwise).Skip(1)];

    /// <summary>What is wrong with it, or null.</summary>
    public string? Mistake { get; }

    /// <summary>A method of either type, in three of ten cases with a mistake, among other stages.</summary>
    public static RandomMethod Make(int seed)
    {
        var random = new Random(seed + 1_000_000);
        return new(seed, random.Next(2) == 0, random.Next(10) < 7);
    }

    /// <summary>The text with its type and the functions of that type.</summary>
    private static string Typed(string text, bool isDouble)
    {
        if (isDouble)
            text = Suffix.Replace(text, "d");
        return TypeName.Replace(text, isDouble ? "double" : "float")
            .Replace("MATH", isDouble ? "Math" : "MathF", StringComparison.Ordinal).Replace("Rule0", "Rule", StringComparison.Ordinal);
    }

    private static string Replaced(string text, string before, string after)
    {
        var place = text.IndexOf(before, StringComparison.Ordinal);
        return text[..place] + after + text[(place + before.Length)..];
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[this.random.Next(items.Count)];

    private List<string> PickStages()
    {
        var stages = new[] { "Momentum(0.9)", "Diagonal(0.99)", "Sign", "ClipByNorm(1.0)", "HeavyBall(0.5)" };
        List<string> picked = [.. Enumerable.Range(0, this.random.Next(3)).Select(_ => Pick(stages)).Distinct()];
        picked.Insert(this.random.Next(picked.Count + 1), Elementwise);
        return picked;
    }

    private static string Members(List<string> statements) =>
        $$"""
            static T Rule(T update, T gradient, T parameter, ref T a, ref T b, [Hyper(0.3)] T gamma, T warmth)
            {
                {{string.Join("\n    ", statements)}}
            }

            [PerStep]
            static double Warmth(long step, double gamma) => Math.Min(1, step * gamma);

            static T Square(T x) => x * x;

            static T Mix(T x, T y, T rate)
            {
                if (rate > 0.5f)
                    return rate * x + (1 - rate) * y;
                return Square(y) - x;
            }

            static T Track(ref T average, T x)
            {
                average = 0.5f * average + MATH.Tanh(x);
                return average;
            }

            static bool Agree(T x, T y) => x * y > 0;

            static T Again(T x) => x > 0 ? Again(x - 1) : x;

            static T Field9;

            static T Generic9<U>(T x) => x;
            """;

    private List<string> Statements(int most, int depth) => [.. Enumerable.Range(0, 1 + this.random.Next(most)).Select(_ => this.Statement(depth))];

    private string Statement(int depth)
    {
        switch (this.random.Next(depth > 0 ? 9 : 6))
        {
            case 0:
                var local = $"x{this.names++}";
                var declaration = $"var {local} = {this.Float(this.Number(3))};";
                this.numbers.Add(local);
                return declaration;
            case 1:
                var condition = $"c{this.names++}";
                var text = $"bool {condition} = {this.Condition(2)};";
                this.conditions.Add(condition);
                return text;
            case 2:
                return $"{Pick(["a", "b"])} = 0.5f * {Pick(["a", "b"])} + MATH.Tanh({this.Number(2)});";
            case 3:
                return $"{this.Assignable()} {Pick(["=", "+=", "-=", "*="])} MATH.Tanh({this.Number(2)});";
            case 4:
                return $"Track(ref {Pick(["a", "b"])}, {this.Number(2)});";
            case 5:
                return $"if ({this.Condition(2)}) return Math.Clamp({this.Number(2)}, -10, 10);";
            default:
                return this.Branch(depth - 1);
        }
    }

    /// <summary>A branch; what it declares is not known after it.</summary>
    private string Branch(int depth)
    {
        var (numbers, conditions) = (this.numbers.Count, this.conditions.Count);
        string Block()
        {
            var text = "{ " + string.Join(" ", this.Statements(2, depth)) + " }";
            this.numbers.RemoveRange(numbers, this.numbers.Count - numbers);
            this.conditions.RemoveRange(conditions, this.conditions.Count - conditions);
            return text;
        }

        var condition = this.Condition(2);
        var then = Block();
        return this.random.Next(2) == 0 ? $"if ({condition}) {then}" : $"if ({condition}) {then} else {Block()}";
    }

    private string Assignable() => Pick([.. this.numbers.Where(name => name[0] == 'x' || name is "update" or "gradient" or "parameter")]);

    /// <summary>A number of the method's type: alone, a literal or a sign would be an integer.</summary>
    private string Float(string number) => $"0f + {number}";

    private string Number(int depth)
    {
        if (depth == 0 || this.random.Next(6) == 0)
            return this.random.Next(4) == 0 ? Pick(["0.5f", "2f", "0.1f", "1.75f", "(-0.25f)", "1e-3f"]) : Pick(this.numbers);
        var x = this.Number(depth - 1);
        switch (this.random.Next(19))
        {
            case 0 or 1:
                return $"({x} + {this.Number(depth - 1)})";
            case 2 or 3:
                return $"({x} - {this.Number(depth - 1)})";
            case 4 or 5:
                return $"({x} * {this.Number(depth - 1)})";
            case 6:
                return $"({x} / (1 + Square({this.Number(depth - 1)})))";
            case 7:
                return $"(-{x})";
            case 8:
                return $"({this.Condition(depth - 1)} ? {x} : {this.Number(depth - 1)})";
            case 9:
                return $"MATH.Sqrt(MATH.Abs({x}))";
            case 10:
                return $"MATH.Exp(-MATH.Abs({x}))";
            case 11:
                return $"MATH.Log(1 + MATH.Abs({x}))";
            case 12:
                return $"MATH.{Pick(["Min", "Max", "CopySign"])}({x}, {this.Number(depth - 1)})";
            case 13:
                return $"Math.Clamp({x}, -1, 1)";
            case 14:
                return $"(0f + MATH.Sign({x}))";
            case 15:
                return $"MATH.FusedMultiplyAdd({x}, {this.Number(depth - 1)}, {this.Number(depth - 1)})";
            case 16:
                return $"MATH.Pow(MATH.Abs({x}) + 0.1f, {Pick(["0.5f", "2", "1.5f", "-0.25f", "gamma"])})";
            case 17:
                return $"Mix({x}, {this.Number(depth - 1)}, {Pick(["gamma", "warmth", "0.75f", "0.25f", "update"])})";
            default:
                return $"MATH.Tanh({x})";
        }
    }

    private string Condition(int depth)
    {
        if (this.conditions.Count > 0 && this.random.Next(4) == 0)
            return Pick(this.conditions);
        return this.random.Next(depth > 0 ? 6 : 3) switch
        {
            0 => $"{this.Number(1)} {Pick(["<", "<=", ">", ">="])} {this.Number(1)}",
            1 => $"{Pick(this.numbers)} != 0.5f",
            2 => $"Agree({this.Number(1)}, {this.Number(1)})",
            3 => $"({this.Condition(depth - 1)} && {this.Condition(depth - 1)})",
            4 => $"({this.Condition(depth - 1)} || {this.Condition(depth - 1)})",
            _ => $"!({this.Condition(depth - 1)})",
        };
    }
}
