namespace OptBias.Generators.Tests;

/// <summary>What per-element methods may contain, each against the method itself on both paths.</summary>
public sealed class ElementwiseTests
{
    /// <summary>Bodies of <c>static T Rule(T update, T gradient, T parameter, ref T a, ref T b, [Hyper(0.3)] T gamma, T warmth)</c>; T stands for the type.</summary>
    private static readonly (string Name, string Body)[] Rules =
    [
        ("Ternary", "return update * gradient > parameter ? update : 0.25f * gradient;"),
        ("Branches", "T x; if (gradient > 0.5f) x = 2 * update; else if (gradient < -0.5f) { x = update - 1; } else x = gamma; return x * x;"),
        ("BranchWithoutElse", "var x = update; if (parameter < 0) x = -x; if (x > 1) { x = 1; x += gamma; } return x;"),
        ("EarlyReturn", "if (gradient > 1) return 1; if (gradient < -1) return -1; return gradient;"),
        ("ReturnInBothBranches", "if (gradient > parameter) { return gamma * gradient; } else { return parameter; }"),
        ("ReturnDeepInside", "var x = update; if (gradient > 0) { if (parameter > 0.2f) return x + 10; x = 3; } else { x = 4; if (parameter < -0.2f) { x = 5; return x; } } x += gamma; return x;"),
        ("StateFrozenAtReturn", "a = a + gradient; if (a > 0.7f) return a; a = 0.5f * a; b += a; return b;"),
        ("StateInOneBranch", "if (gradient > 0) a = gradient; else b = gradient; return a - b;"),
        ("Average", "a = gamma * a + (1 - gamma) * gradient; return a;"),
        ("History", "var old = b; b = a; a = gradient; return old + update;"),
        ("HistoryTheOtherWay", "a = b; b = gradient; return a + update;"),
        ("StateHoldsAConstant", "var fresh = a == 0; a = 1; return fresh ? 10 * update : update;"),
        ("StateHoldsTheParameter", "var moved = parameter - a; a = parameter; return update + 0.1f * moved;"),
        ("Logic", "return gradient > 0 && parameter > 0 || !(update < 0.3f) && !(parameter >= 1) ? update : -1;"),
        ("Comparisons", "T x = 0; if (gradient == 0) x += 1; if (gradient != 0.5f) x += 2; if (gradient <= 1) x += 4; if (gradient >= -1) x += 8; return x;"),
        ("BooleanVariables", "bool up = gradient > 0, agree = up ? parameter > 0 : parameter <= 0; if (agree & up | gradient < -1) return 2; return agree ? 1 : 0;"),
        ("CompoundAssignments", "var x = update; x += 1; x -= gradient; x *= gamma; x /= 3; return x;"),
        ("AssignmentAsAValue", "T x, y; x = y = gradient + 1; return x * y;"),
        ("Hyperparameter", "return gamma * update;"),
        ("PerStep", "return warmth * update;"),
        ("PerStepInACondition", "return warmth > 0.7f ? update : gamma < 0.5f && gradient > 0 ? 2 * update : parameter;"),
        ("UniformArithmetic", "var scale = MathF_Sqrt(gamma * gamma + warmth) / (1 + gamma); return scale * update + (gamma - 1) * (gamma > 0.2f ? warmth : gamma);"),
        ("UniformResult", "return gamma;"),
        ("ConstantResult", "return 0.125f;"),
        ("UniformChoiceOfTensors", "b = a; a = gradient; return warmth > 0.5f ? b : a;"),
        ("Inlined", "return Square(update) - Mix(gradient, parameter, amount: gamma);"),
        ("InlinedWithState", "var m = Track(ref a, gradient, 0.9f); Track(ref b, m, gamma); return b + m;"),
        ("InlinedCondition", "return Agree(update, parameter) ? update : -gradient;"),
        ("InlinedTwoDeep", "return Outer(gradient, parameter);"),
        ("SignAsANumber", "return MathF_Sign(gradient) * 0.5f + (MathF_Sign(parameter) == 1 ? 1 : -MathF_Sign(update));"),
        ("DividedByAnElement", "return gradient / (1 + parameter * parameter) / 7;"),
        ("PowerOfANumber", "return MathF_Pow(2, gradient) + MathF_Pow(MathF_Abs(parameter), 1.5f) + MathF_Pow(MathF_Abs(parameter) + 0.5f, gradient);"),
        ("ConstantsOnly", "const T half = 1 / 2f; const T two = 4 * half; return two * update + (1 / 2) * gradient;"),
        ("UnusedVariable", "var unused = gradient * 3; return update;"),
        ("ShadowedNames", "var theta = update + 1; var g = theta * 2; var m = g - parameter; var eta = m * g; return eta;"),
        ("LongChain", "var x = update; x = 0.9f * x + gradient; x = 0.9f * x - parameter; x = 0.9f * x + gradient; x = 0.9f * x - parameter; x = x * 0.5f + gradient; x = x * 0.5f - gradient; x = x * 0.5f + 1; x = x * 0.5f + gradient; x = x * 0.5f - 1; x = x * 0.5f + gradient; x = x * 0.5f - 2; x = x * 0.5f + gradient; x = x * 0.5f - 3; return x;"),
        ("DoubledTwentyTimes", "var x = 0.001f * update; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; return x;"),
        ("UniformDoubledTwentyTimes", "var x = 0.001f * gamma; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; x = x + x * x; return x * update;"),
    ];

    private static readonly Lazy<CompiledOptimizers> Compiled = new(() => CompiledOptimizers.Of(string.Concat(
        from rule in Rules
        from type in new[] { "float", "double" }
        select Declaration(rule.Name, rule.Body, type))));

    public static TheoryData<string, Backend> Cases
    {
        get
        {
            var data = new TheoryData<string, Backend>();
            foreach (var (name, _) in Rules)
            {
                data.Add(name, Backend.Fused);
                data.Add(name, Backend.TorchSharp);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_double_it_is_the_method(string rule, Backend backend) => Assert.InRange(Difference(rule + "Double", backend), 0, 1e-13);

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_float_it_is_the_method(string rule, Backend backend) => Assert.InRange(Difference(rule + "Single", backend), 0, 2e-5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_methods_float_stands_for_the_type_of_the_arithmetic(string rule, Backend backend)
    {
        // On float64 the method with float computes in float64, 0.9f being 0.9: it is the method with double.
        var single = new MethodOracle(Compiled.Value.Type(rule + "Double"), "Rule", Compiled.Value.Descriptor(rule + "Double"));
        Assert.InRange(single.Difference(Compiled.Value.Descriptor(rule + "Single"), backend, Values, Gradients), 0, 1e-13);
    }

    private static double[] Values => Samples.Normal(1, 70);

    private static double[][] Gradients => Samples.Gradients(1, 70, 4);

    private static double Difference(string optimizer, Backend backend)
    {
        var descriptor = Compiled.Value.Descriptor(optimizer);
        return new MethodOracle(Compiled.Value.Type(optimizer), "Rule", descriptor)
            .Difference(descriptor, backend, Values.Rounded(), [.. Gradients.Select(gradient => gradient.Rounded())]);
    }

    private static string Declaration(string name, string body, string type)
    {
        var text = body.Replace("MathF_", type == "float" ? "MathF." : "Math.", StringComparison.Ordinal);
        foreach (var before in new[] { "T x", "T y", "const T", "(T " })
            text = text.Replace(before, before.Replace("T", type, StringComparison.Ordinal), StringComparison.Ordinal);

        // What is a variable of the method's type in float is one in double too; literals are decimals in both.
        if (type == "double")
            text = System.Text.RegularExpressions.Regex.Replace(text, @"(?<=\d)f\b", "d");
        return $$"""
            [Optimizer(LearningRate = 0.1), Elementwise(nameof(Rule))]
            public sealed partial class {{name}}{{(type == "float" ? "Single" : "Double")}}
            {
                static {{type}} Rule({{type}} update, {{type}} gradient, {{type}} parameter, ref {{type}} a, ref {{type}} b, [Hyper(0.3)] {{type}} gamma, {{type}} warmth)
                {
                    {{text}}
                }

                [PerStep]
                static double Warmth(long step, double gamma, double lr) => Math.Min(1, step * gamma) + lr;

                static {{type}} Square({{type}} x) => x * x;

                static {{type}} Mix({{type}} x, {{type}} y, {{type}} amount) => Square(amount) * x + (1 - amount) * y;

                static {{type}} Track(ref {{type}} average, {{type}} x, {{type}} rate)
                {
                    average = rate * average + (1 - rate) * x;
                    return average / rate;
                }

                static bool Agree({{type}} x, {{type}} y) => x * y > 0;

                static {{type}} Outer({{type}} x, {{type}} y)
                {
                    if (Agree(x, y))
                        return Mix(x, y, 0.25f);
                    return Square(x) - y;
                }
            }

            """;
    }
}
