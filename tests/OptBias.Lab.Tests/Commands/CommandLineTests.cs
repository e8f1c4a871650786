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
    [InlineData("Unknown dtype 'flaot32'. Did you mean 'float32'?", "explain", "AdamW", "--dtype", "flaot32")]
    [InlineData("Unknown device 'cdua'. Did you mean 'cuda'?", "explain", "AdamW", "--device", "cdua")]
    [InlineData("Unknown model 'transfomer'. Did you mean 'transformer'?", "run", "--model", "transfomer")]
    [InlineData("--seeds is 0", "run", "--seeds", "0")]
    [InlineData("--jobs is 0", "run", "--jobs", "0")]
    [InlineData("nowhere: there is no such directory", "run", "--data", "nowhere")]
    [InlineData("nowhere holds no results", "report", "nowhere")]
    [InlineData("Could not find file", "replay", "nowhere.safetensors")]
    [InlineData("The optimizer Sgd is named twice", "run", "--optimizers", "Sgd,sgd")]
    [InlineData("Unknown command 'rnu'. Did you mean 'run'?", "rnu")]
    [InlineData("nowhere.dll: there is no such file", "explain", "Sgd", "--assembly", "nowhere.dll")]
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

    [Theory]
    [InlineData("run ", "class-incremental")]
    [InlineData("run --optimizers Sha", "Shampoo")]
    [InlineData("run --preset st", "standard")]
    [InlineData("run --model tra", "transformer")]
    [InlineData("explain Muo", "MuonMatrix")]
    [InlineData("prob", "probe")]
    public void Names_complete(string typed, string offered)
    {
        var (exit, output, _) = LaboratoryProcess.Run(this.directory.Path, $"[suggest:{typed.Length}]", typed);
        Assert.Equal(0, exit);
        Assert.Contains(offered, output.Split('\n').Select(line => line.Trim()));
    }

    [Fact]
    public void List_names_what_can_be_run()
    {
        var (exit, output, _) = LaboratoryProcess.Run(this.directory.Path, "list");
        Assert.Equal(0, exit);
        Assert.All(["class-incremental", "permuted", "rotated", "mlp", "cnn", "transformer", "AdamW", "Shampoo", "PowerPropSgd"], name => Assert.Contains(name, output));
    }

    [Theory]
    [InlineData("adamw", "float32", "cpu", "mₜ = β₁ mₜ₋₁ + (1 − β₁) g", "weight_decay", "pass 1 θ, g, momentum, second_moment θ, momentum, second_moment 28", "second_moment 256 × 128 float32 4", "all 8", "A parameter takes fused kernels")]
    [InlineData("AdamW", "bfloat16", "cpu", "second_moment θ, momentum, second_moment 22", "second_moment 256 × 128 float32 4", "all 8", "Path of bfloat16 on cpu")]
    [InlineData("AdamW", "float64", "mps", "second_moment θ, momentum, second_moment 56", "all 16", "A parameter takes TorchSharp operations, since it is on mps")]
    [InlineData("Sgd", "float32", "cpu", "pass 1 θ, g θ 12", "State none")]
    [InlineData("Adafactor", "float32", "cpu", "u₁ = g / √v", "row_factor_result (by rows)", "2 sums 8", "all passes 20", "second_moment.rows 256 × 1 float32 0.031", "all 0.047")]
    [InlineData("Shampoo", "float32", "cpu", "kronecker", "kronecker.factor_0 256 × 256 float64")]
    [InlineData("Muon", "float32", "cpu", "MuonMatrix, matrices and kernels:", "MuonMatrix (matrix): Passes over memory", "AdamW (any): State", "adamw_lr")]
    public void Explain_shows_equations_passes_state_and_path(string name, string dtype, string device, params string[] parts)
    {
        var (exit, output, error) = LaboratoryProcess.Run(this.directory.Path, "explain", name, "--dtype", dtype, "--device", device);
        Assert.Equal((0, ""), (exit, error));
        var words = string.Join(' ', output.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(parts, part => Assert.Contains(part, words));
    }

    [Fact]
    public void Explain_prints_LaTeX_and_nothing_else_where_that_is_asked()
    {
        var (exit, output, _) = LaboratoryProcess.Run(this.directory.Path, "explain", "Lion", "--latex");
        Assert.Equal(0, exit);
        Assert.Equal(
            """
            \begin{aligned}
            m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g \\
            c &= \iota m_{t-1} + (1 - \iota) g \\
            u &= \operatorname{sign}(c) + \lambda \theta_{t-1} \\
            \theta_t &= \theta_{t-1} - \eta u
            \end{aligned}

            """.ReplaceLineEndings("\n"),
            output.ReplaceLineEndings("\n"));
    }
}
