using System.Text.RegularExpressions;

namespace OptBias.Testing.Tests;

public sealed partial class GeneratedCodeTests
{
    [Fact]
    public void The_text_that_the_compiler_generated_for_a_class_is_read_from_its_symbols()
    {
        var file = Assert.Single(GeneratedCode.Of(typeof(Expressions)).Files);
        Assert.Equal("RegexGenerator.g.cs", file.HintName);
        Assert.Contains("partial class Expressions", file.Text, StringComparison.Ordinal);
        Assert.Contains("Digits", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_generated_text_is_named()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => GeneratedCode.Of(typeof(TrajectoryLoadTests)));
        Assert.Contains("hold no generated text for OptBias.Testing.Tests.TrajectoryLoadTests", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_without_symbols_is_named() => Assert.Contains(
        "There are no portable symbols for", Assert.Throws<InvalidOperationException>(() => GeneratedCode.Of(typeof(string))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("My.AdamW.g.cs", "My.AdamW.g", "cs")]
    [InlineData("My.AdamW.cu", "My.AdamW", "cu")]
    [InlineData("AdamW", "AdamW", "cs")]
    public void A_hint_name_gives_the_snapshots_name_and_extension(string hintName, string name, string extension)
    {
        var file = new GeneratedFile(hintName, "");
        Assert.Equal((name, extension), (file.Name, file.Extension));
    }

    private static partial class Expressions
    {
        [GeneratedRegex("[0-9]+")]
        internal static partial Regex Digits();
    }
}
