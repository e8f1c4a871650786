namespace OptBias.Lab.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Theory]
    [InlineData("Unknown study 'class-incremantal'. Did you mean 'class-incremental'?", "run", "class-incremantal")]
    [InlineData("Unknown preset 'quik'. Did you mean 'quick'?", "run", "--preset", "quik")]
    [InlineData("Unknown optimizer 'AdamWW'. Did you mean 'AdamW'?", "run", "--optimizers", "Sgd,AdamWW")]
    [InlineData("Unknown optimizer 'AdamWW'. Did you mean 'AdamW'?", "explain", "AdamWW")]
    [InlineData("Unknown model 'transfomer'. Did you mean 'transformer'?", "run", "--model", "transfomer")]
    [InlineData("--seeds is 0", "run", "--seeds", "0")]
    [InlineData("--jobs is 0", "run", "--jobs", "0")]
    [InlineData("nowhere: there is no such directory", "run", "--data", "nowhere")]
    [InlineData("nowhere holds no results", "report", "nowhere")]
    [InlineData("Could not find file", "replay", "nowhere.safetensors")]
    [InlineData("The optimizer Sgd is named twice", "run", "--optimizers", "Sgd,sgd")]
    [InlineData("Unknown option '--sedes'. Did you mean '--seeds'?", "run", "--sedes", "3")]
    public void Bad_input_is_one_clear_line_and_exit_code_2(string message, params string[] arguments)
    {
        var (exit, output, error) = LaboratoryProcess.Run(this.directory.Path, arguments);
        Assert.Equal(2, exit);
        Assert.Contains(message, error);
        Assert.StartsWith("optbias: ", error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", error + output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(this.directory.Path));
    }

    [Fact]
    public void List_names_what_can_be_run()
    {
        var (exit, output, _) = LaboratoryProcess.Run(this.directory.Path, "list");
        Assert.Equal(0, exit);
        Assert.All(["class-incremental", "permuted", "rotated", "mlp", "cnn", "transformer", "AdamW", "Shampoo", "PowerPropSgd"], name => Assert.Contains(name, output));
    }

    [Fact]
    public void Explain_shows_equations_hyperparameters_and_cost()
    {
        var (exit, output, _) = LaboratoryProcess.Run(this.directory.Path, "explain", "adamw");
        Assert.Equal(0, exit);
        Assert.All(["AdamW", "weight_decay", "8 bytes of state", "1 pass(es)", "\\theta"], part => Assert.Contains(part, output));
    }
}
