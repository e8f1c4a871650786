using OptBias.Lab.Commands;
using OptBias.Lab.Tests.Commands;

namespace OptBias.Lab.Tests.Probes;

public sealed class CardTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void A_declaration_of_your_own_gets_its_card_with_one_command()
    {
        Assert.Equal(0, CommandLine.Run(["card", nameof(OwnSign), "--assembly", typeof(OwnSign).Assembly.Location, "--out", this.directory.Path]));
        var card = File.ReadAllText(Path.Combine(this.directory.Path, "OwnSign.md"));
        Assert.All(["# OwnSign", "| degree | 0 |", "| sees no units | yes |", "| Matrix margin | max (`margin.max`) | 0.9", "yes, and it is there"], part => Assert.Contains(part, card));
        Assert.DoesNotContain("stored studies", card);
    }

    [Theory]
    [InlineData("Name an optimizer", "card")]
    [InlineData("Unknown optimizer 'Sgdd'. Did you mean 'Sgd'?", "card", "Sgdd")]
    [InlineData("nowhere holds no results", "card", "Sgd", "--results", "nowhere")]
    public void Bad_input_is_one_clear_line(string message, params string[] arguments)
    {
        var (exit, _, error) = LaboratoryProcess.Run(this.directory.Path, arguments);
        Assert.Equal(2, exit);
        Assert.Contains(message, error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
