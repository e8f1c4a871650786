using System.Text.RegularExpressions;

namespace OptBias.Generators.Tests;

/// <summary>Names in equations: LaTeX takes them, and the head of a class calls a value what its passes call it.</summary>
public sealed partial class FormulaTextTests
{
    [Fact]
    public void Underscores_of_a_users_names_are_letters_in_LaTeX()
    {
        using var compiled = CompiledOptimizers.Of("""
            [Optimizer, Momentum(0.9, Name = "m_1"), Elementwise(nameof(F), Name = "my_own"), Diagonal(BetaSchedule = nameof(Rate_of_decay))] public sealed partial class One_rule
            {
                static float F(float update, float slow_start, ref float running_mean, ref float gamma2, [Hyper(0.5)] float keep_rate)
                {
                    running_mean = keep_rate * running_mean + update;
                    gamma2 += running_mean;
                    return slow_start * running_mean + gamma2;
                }
                [PerStep] static double Slow_start(long step) => 1;
                [PerStep] static double Rate_of_decay(long step) => 0.9;
            }
            [Optimizer, Route(typeof(One_rule))] public sealed partial class Two_rules;
            """);
        foreach (var name in (string[])["One_rule", "Two_rules"])
        {
            var latex = compiled.Descriptor(name).Equations;
            Assert.Contains("\\text{m\\_1}", latex, StringComparison.Ordinal);

            // In text and in names every underscore is escaped, and no letter has two indices.
            Assert.DoesNotMatch(@"\\(text|mathit|operatorname)\{[^{}]*(?<!\\)_[^{}]*\}", latex);
            Assert.DoesNotMatch(@"_\{[^{}]*\}_|_[a-z0-9]_", latex);
        }

        Assert.Contains("\\text{One\\_rule, ", compiled.Descriptor("Two_rules").Equations, StringComparison.Ordinal);
    }

    /// <summary>Every name on the left of an equation in a pass stands on the left of one in the head.</summary>
    [Theory]
    [InlineData("Momentum(0.9), Kronecker(0.9), Graft(Grafting.Adam), WeightDecay(0.1)")]
    [InlineData("Momentum(0.9), Kronecker(0.9, StartAt = 5), Graft(Grafting.RmsProp)")]
    [InlineData("Kronecker(0.9), Graft(Grafting.Adam), Momentum(0.9, Name = \"p\")")]
    [InlineData("Momentum(0.9), Orthogonalize, ScaleByShape")]
    public void The_head_calls_a_value_what_the_passes_call_it(string stages)
    {
        var text = DeclarationCompilation.Generate(DeclarationCompilation.Of($"using OptBias;\n[Optimizer, {stages}] public sealed partial class A;")).SyntaxTrees.Last().ToString();
        var head = Defined().Matches(text[..text.IndexOf("partial class A", StringComparison.Ordinal)]).Select(match => match.Groups[1].Value).ToHashSet();
        var passes = Defined().Matches(text[text.IndexOf("struct Pass1", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value).Distinct();
        Assert.Empty(passes.Except(head));
    }

    /// <summary>The numbers of LaTeX's indices are no places for operands: each name of a value stands where it is used.</summary>
    [Theory]
    [InlineData("KroneckerBasis, Diagonal(0.9), ClipByNorm(1), Graft(Grafting.RmsProp)")]
    [InlineData("Momentum(0.9), ClipByNorm(1), KroneckerBasis, ClipByRootMeanSquare(1), Diagonal(0.9), Graft(Grafting.Adam)")]
    [InlineData("Diagonal(0.9), ClipByRootMeanSquare(1), Orthogonalize(Steps = 1)")]
    public void Operands_stand_in_their_places_and_nowhere_else(string stages)
    {
        using var compiled = CompiledOptimizers.Of($"[Optimizer, {stages}] public sealed partial class A;");
        var latex = compiled.Descriptor("A").Equations;
        Assert.Contains("u_{1}", latex, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[_^]\(|[_^]\{\d\}(?=[({])", latex.Replace("NewtonSchulz}_{1}(", "NewtonSchulz}(", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^ *///? ([^ ;()]+) = ", RegexOptions.Multiline)]
    private static partial Regex Defined();
}
