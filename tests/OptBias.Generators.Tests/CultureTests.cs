using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>A machine set to another language generates the same bytes: no decimal comma, no dotless i.</summary>
public sealed class CultureTests
{
    private const string Source = """
        using OptBias;

        namespace Sample;

        [Optimizer(LearningRate = 0.125)]
        [ClipByNorm(1.5)]
        [Momentum(0.9)]
        [Momentum(0.95, Name = "SlowIndex")]
        [Kronecker(0.99, UpdateEvery = 10, Epsilon = 1e-10, StartAt = 3)]
        [Graft(Grafting.Adam, Epsilon = 1e-8)]
        [WeightDecay(0.01)]
        public sealed partial class INTERESTING;

        [Optimizer]
        [Route(typeof(INTERESTING), When = ParameterShape.Matrix)]
        [Route(typeof(Plain))]
        public sealed partial class Composite;

        [Optimizer]
        [PowerLaw(2.5)]
        [Diagonal(0.999, Exponent = 0.25)]
        public sealed partial class Plain;
        """;

    [Theory]
    [InlineData("fi-FI")]
    [InlineData("tr-TR")]
    public void Generated_text_is_the_same_on_a_machine_set_to(string name)
    {
        var culture = new CultureInfo(name);
        Assert.Equal(",", culture.NumberFormat.NumberDecimalSeparator);
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (CultureInfo.InvariantCulture, CultureInfo.InvariantCulture);
            var expected = Generate();
            Assert.Equal(3, expected.Count);
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            Assert.Equal(expected, Generate());
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    private static List<string> Generate() =>
        [.. CSharpGeneratorDriver.Create(new OptimizerGenerator()).RunGenerators(DeclarationCompilation.Of(Source)).GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];
}
