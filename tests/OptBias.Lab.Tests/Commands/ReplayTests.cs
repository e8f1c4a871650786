namespace OptBias.Lab.Tests.Commands;

/// <summary>Trajectories come from elsewhere: whatever is in one, <c>replay</c> ends soon, with one line and its exit code.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Theory]
    [InlineData("has no elements", new long[] { 0 }, int.MaxValue)]
    [InlineData("has no elements", new long[] { 1L << 32, 1L << 32, 0 }, 1)]
    public void A_trajectory_of_nothing_is_refused(string message, long[] shape, int steps)
    {
        this.Write("AdamW", "by hand", new SafeTensor("param.0.init", SafeTensorType.F64, shape, []),
            new SafeTensor("param.0.grad", SafeTensorType.F64, [steps, .. shape], []), new SafeTensor("param.0.after", SafeTensorType.F64, [steps, .. shape], []));
        this.Refuses(message);
    }

    /// <summary>What the optimizer itself refuses, or libtorch, is said in one line too.</summary>
    [Fact]
    public void Steps_that_an_optimizer_cannot_take_are_bad_input()
    {
        var huge = Enumerable.Repeat(1e300, 6).ToArray();
        this.Write("Shampoo", "by hand", SafeTensor.Of("param.0.init", [2, 3], new double[6]), SafeTensor.Of("param.0.grad", [1, 2, 3], huge), SafeTensor.Of("param.0.after", [1, 2, 3], new double[6]));
        this.Refuses("Shampoo cannot take the recorded steps: ");
    }

    [Fact]
    public void Escape_codes_of_a_file_are_shown_and_not_obeyed()
    {
        SafeTensor[] parameter = [SafeTensor.Of("param.0.init", [1], [0.0]), SafeTensor.Of("param.0.grad", [1, 1], [0.0]), SafeTensor.Of("param.0.after", [1, 1], [0.0])];
        this.Write("Sgd", "\u001b[2J\u001b]0;mine\u0007\u202eback\nnew line", parameter);
        var (exit, output, error) = LaboratoryProcess.Run(this.directory.Path, "replay", "a.safetensors");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(@"Sgd against \u001b[2J\u001b]0;mine\u0007\u202eback\u000anew line", output);
        Assert.DoesNotContain('\u001b', output);

        this.Write("Sgd\u001b[31m", "by hand", parameter);
        this.Refuses(@"'Sgd\u001b[31m'");
        this.Write("Sgd", "by hand", [.. parameter, SafeTensor.Of("\u009b31m\n", [1], [0.0])]);
        this.Refuses(@"'\u009b31m\u000a'");
        File.WriteAllBytes(Path.Combine(this.directory.Path, "a.safetensors"), [8, 0, 0, 0, 0, 0, 0, 0, .. "{\"\u001b[1m\":"u8]);
        this.Refuses("is not JSON");
    }

    [Theory]
    [InlineData("plain ä ∇ 𝛽", "plain ä ∇ 𝛽")]
    [InlineData("a\tb\r\n", @"a\u0009b\u000d\u000a")]
    [InlineData("\u0085\u2028\u200f\ufeff", @"\u0085\u2028\u200f\ufeff")]
    [InlineData("\U000e0041", @"\ue0041")]
    public void Text_is_shown_on_one_line(string text, string shown) => Assert.Equal(shown, PrintableText.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_no_character() => Assert.Equal("\ufffdx\ufffd", PrintableText.Of("\ud800x\udc00"));

    [Fact]
    public void Only_indented_lines_of_a_message_are_lines() => Assert.Equal("a\n  b\\u000ac", PrintableText.OfMessage("a\n  b\nc"));

    private void Write(string optimizer, string source, params SafeTensor[] tensors) => SafeTensors.Write(
        Path.Combine(this.directory.Path, "a.safetensors"), tensors, new Dictionary<string, string> { ["optimizer"] = optimizer, ["hyper"] = "{\"lr\": 0.01}", ["source"] = source });

    private void Refuses(string message)
    {
        var (exit, output, error) = LaboratoryProcess.Run(this.directory.Path, "replay", "a.safetensors");
        Assert.Equal(2, exit);
        Assert.StartsWith("optbias: ", error);
        Assert.Contains(message, error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain('\u001b', output + error);
        Assert.DoesNotContain("Unhandled", error);
    }
}
