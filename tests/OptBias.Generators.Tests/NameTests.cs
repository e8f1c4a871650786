namespace OptBias.Generators.Tests;

/// <summary>Names that C# allows where an optimizer is declared.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("[Optimizer, Sign] partial class A; [Optimizer, Sign] partial class A;")]
    [InlineData("[Optimizer] partial class ;")]
    [InlineData("partial class { [Optimizer] partial class A; } partial class { [Optimizer] partial class A; }")]
    [InlineData("[Optimizer] partial class A<T>; [Optimizer] partial class A;")]
    public void What_is_half_written_crashes_nothing(string source) => new RandomProgram([source]).Generate();

    [Fact]
    public void Two_names_may_differ_in_their_letters_case_alone()
    {
        using var compiled = CompiledOptimizers.Of("[Optimizer, Sign] public sealed partial class Adam; [Optimizer] public sealed partial class ADAM;");
        Assert.NotEqual(compiled.Descriptor("Adam").Formulas, compiled.Descriptor("ADAM").Formulas);
    }

    [Theory]
    [InlineData("event")]
    [InlineData("record")]
    [InlineData("required")]
    [InlineData("sgd")]
    [InlineData("Größe")]
    public void A_class_may_have_any_name_and_so_may_what_is_around_it(string name)
    {
        using var compiled = CompiledOptimizers.Of($$"""
            namespace @namespace.Inner
            {
                public partial class @class
                {
                    [Optimizer, Momentum(0.9)]
                    public sealed partial class @{{name}};

                    [Optimizer, Route(typeof(@{{name}}))]
                    public sealed partial class @base;
                }
            }
            """);
        Assert.Equal(name, compiled.Descriptor("namespace.Inner.class+" + name).Name);
        Assert.Equal(["lr", "beta1"], compiled.Descriptor("namespace.Inner.class+base").Hyperparameters.Select(h => h.Name));
    }
}
