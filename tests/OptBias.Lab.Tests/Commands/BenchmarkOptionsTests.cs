using System.CommandLine;
using OptBias.Benchmarks.Commands;

namespace OptBias.Lab.Tests.Commands;

public sealed class BenchmarkOptionsTests
{
    [Theory]
    [InlineData("--rules", "Sgd,AdamW")]
    [InlineData("--rules", "sgd", "adamw")]
    [InlineData("--rules", "Sgd", "--rules", "AdamW")]
    [InlineData("--rules", "Sgd, AdamW")]
    public void A_list_is_words_or_has_commas(params string[] arguments) =>
        Assert.Equal(["Sgd", "AdamW"], Root(Rules()).Parse(arguments).GetRequiredValue<string[]>("--rules"));

    [Fact]
    public void Without_names_all_are_chosen() => Assert.Equal(["Sgd", "AdamW", "Lion"], Root(Rules()).Parse([]).GetRequiredValue<string[]>("--rules"));

    [Fact]
    public void An_unknown_name_is_answered_with_the_nearest()
    {
        var error = Assert.Single(Root(Rules()).Parse(["--rules", "Sgd,AdmaW"]).Errors);
        Assert.Equal("--rules: 'AdmaW' is unknown. Did you mean 'AdamW'? Known: Sgd, AdamW, Lion.", error.Message);
        Assert.Contains("'0'", Assert.Single(Root(Options.Threads()).Parse(["--threads", "1,0"]).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_the_default_device_as_it_is_written()
    {
        using var output = new StringWriter();
        Root(Options.Device()).Parse(["--help"]).Invoke(new() { Output = output });
        Assert.Contains("[default: cpu]", output.ToString(), StringComparison.Ordinal);
    }

    private static Option<string[]> Rules() => Options.Choice("--rules", "Rules to measure.", "Sgd", "AdamW", "Lion");

    private static RootCommand Root(Option option) => new("") { option };
}
