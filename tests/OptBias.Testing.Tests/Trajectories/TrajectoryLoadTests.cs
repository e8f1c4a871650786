namespace OptBias.Testing.Tests;

public sealed class TrajectoryLoadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_reference_trajectory_loads()
    {
        var trajectory = Trajectory.Load(TrajectoryFiles.Path("adamw"));
        Assert.Equal("AdamW", trajectory.Optimizer);
        Assert.Equal(60, trajectory.Steps);
        Assert.Equal("torch 1.13.0a0", trajectory.Source);
        Assert.Equal([[5, 3], [7], [4, 3, 2, 2], [16, 8]], trajectory.Parameters.Select(parameter => parameter.Shape));
        Assert.Equal(
            new Dictionary<string, double> { ["lr"] = 0.01, ["beta1"] = 0.9, ["beta2"] = 0.99, ["eps"] = 1e-8, ["weight_decay"] = 0.1 },
            trajectory.Hyperparameters);
    }

    [Fact]
    public void A_saved_trajectory_is_the_one_that_was_loaded()
    {
        var trajectory = Trajectory.Load(TrajectoryFiles.Path("adamw_f32"));
        trajectory.Save(this.folder["a.safetensors"]);
        var again = Trajectory.Load(this.folder["a.safetensors"]);

        Assert.Equal(trajectory.Hyperparameters, again.Hyperparameters);
        Assert.Equal((trajectory.Optimizer, trajectory.Source, trajectory.Steps), (again.Optimizer, again.Source, again.Steps));
        foreach (var (a, b) in trajectory.Parameters.Zip(again.Parameters))
        {
            Assert.Equal(a.Initial.Bytes, b.Initial.Bytes);
            Assert.Equal(a.Gradients.Bytes, b.Gradients.Bytes);
            Assert.Equal(a.After.Bytes, b.After.Bytes);
        }
    }

    [Theory]
    [InlineData("""{"betas": [0.9, 0.99, 0.999], "lr": 1e-2}""", "beta1=0.9 beta2=0.99 beta3=0.999 lr=0.01")]
    [InlineData("{}", "")]
    public void Torchs_betas_are_numbered(string hyper, string expected) => Assert.Equal(
        expected, string.Join(' ', TrajectoryHyperparameters.Parse(hyper).Select(pair => FormattableString.Invariant($"{pair.Key}={pair.Value}"))));

    [Theory]
    [InlineData("hyper is not JSON", "lr=1")]
    [InlineData("expected is a JSON object of numbers", "[1]")]
    [InlineData("hyper: lr is \"x\"; expected is a finite number", """{"lr": "x"}""")]
    [InlineData("hyper: lr is 1e999; expected is a finite number", """{"lr": 1e999}""")]
    [InlineData("A switch is the structure of a declaration", """{"nesterov": true}""")]
    [InlineData("hyper: betas is 0.9; expected is an array", """{"betas": 0.9}""")]
    [InlineData("hyper gives beta1 twice", """{"betas": [0.9], "beta1": 0.9}""")]
    [InlineData("the metadata has no 'hyper'", null)]
    public void Malformed_hyperparameters_are_named(string message, string? hyper) =>
        this.AssertMalformed(message, [SafeTensor.Of("param.0.init", [1], [0.0])], hyper);

    [Fact]
    public void A_trajectory_without_an_optimizer_is_refused() => this.AssertMalformed("no 'optimizer'", Parameter(), optimizer: null);

    [Fact]
    public void Steps_that_disagree_with_the_gradients_are_refused() =>
        this.AssertMalformed("steps = '3', but param.0.grad holds 2", Parameter(), steps: "3");

    [Fact]
    public void A_file_without_tensors_is_refused() => this.AssertMalformed("there is no param.0.init", []);

    [Fact]
    public void A_tensor_of_another_name_is_refused() =>
        this.AssertMalformed("this file has 'weight'", [.. Parameter(), SafeTensor.Of("weight", [1], [0.0])]);

    [Fact]
    public void A_missing_tensor_is_named() => this.AssertMalformed("there is no param.0.grad", Parameter().Where(x => x.Name != "param.0.grad"));

    [Fact]
    public void A_gap_in_the_numbers_is_named() => this.AssertMalformed("there is no param.1.init", [.. Parameter(), .. Parameter(2)]);

    [Fact]
    public void A_gradient_of_another_shape_is_refused() => this.AssertMalformed(
        "param.0.grad has the shape [2, 3]; with param.0.init of shape [2] it is [T, 2]",
        [.. Parameter().Where(x => x.Name != "param.0.grad"), SafeTensor.Of("param.0.grad", [2, 3], new double[6])]);

    [Fact]
    public void Parameters_with_different_numbers_of_steps_are_refused() =>
        this.AssertMalformed("param.1.grad holds 3 steps, param.0.grad 2", [.. Parameter(), .. Parameter(1, steps: 3)]);

    [Fact]
    public void A_value_that_is_not_finite_is_refused() => this.AssertMalformed(
        "param.0.after has a value that is not finite, at index 3",
        [.. Parameter().Where(x => x.Name != "param.0.after"), SafeTensor.Of("param.0.after", [2, 2], [0.0, 0.0, 0.0, double.NaN])]);

    [Fact]
    public void The_point_of_evaluation_is_read_where_it_was_recorded()
    {
        var path = this.folder["a.safetensors"];
        SafeTensor[] tensors = [.. Parameter(), SafeTensor.Of("param.0.evaluated", [2, 2], [1.0, 2, 3, 4]), .. Parameter(1)];
        SafeTensors.Write(path, tensors, new Dictionary<string, string> { ["hyper"] = "{}", ["optimizer"] = "Sgd" });
        var trajectory = Trajectory.Load(path);
        Assert.Equal([1.0, 2, 3, 4], FloatingPoint.Values(trajectory.Parameters[0].Evaluated!));
        Assert.Null(trajectory.Parameters[1].Evaluated);
        trajectory.Save(path);
        Assert.Equal([1.0, 2, 3, 4], FloatingPoint.Values(Trajectory.Load(path).Parameters[0].Evaluated!));
    }

    [Fact]
    public void A_point_of_evaluation_for_other_steps_is_refused() => this.AssertMalformed(
        "param.0.evaluated holds 3 steps, param.0.grad 2", [.. Parameter(), SafeTensor.Of("param.0.evaluated", [3, 2], new double[6])]);

    [Fact]
    public void Integers_are_refused() => this.AssertMalformed(
        "param.0.init has the dtype I64", [.. Parameter().Skip(1), new SafeTensor("param.0.init", SafeTensorType.I64, [2], new byte[16])]);

    /// <summary>A header of 300 bytes may claim any number of steps or any size where the product is zero.</summary>
    [Theory]
    [InlineData(new long[] { 0 }, 2147483647)]
    [InlineData(new long[] { 3, 0 }, 1)]
    [InlineData(new long[] { 4294967296, 4294967296, 0 }, 1)]
    [InlineData(new long[] { 0, long.MaxValue, long.MaxValue }, 2)]
    public void A_parameter_without_elements_is_refused(long[] shape, int steps) => this.AssertMalformed(
        $"param.1.init has the shape [{string.Join(", ", shape)}], which has no elements",
        [
            .. Parameter(steps: 2),
            new SafeTensor("param.1.init", SafeTensorType.F64, shape, []),
            new SafeTensor("param.1.grad", SafeTensorType.F64, [steps, .. shape], []),
            new SafeTensor("param.1.after", SafeTensorType.F64, [steps, .. shape], []),
        ]);

    [Fact]
    public void Hyperparameters_whose_names_are_no_text_are_refused() =>
        Assert.Throws<FormatException>(() => TrajectoryHyperparameters.Parse("{\"\\ud800\": 1}"));

    [Fact]
    public void Half_precision_values_are_exact()
    {
        Assert.Equal([1.5, -0.25], FloatingPoint.Values(new SafeTensor("x", SafeTensorType.BF16, [2], [0xc0, 0x3f, 0x80, 0xbe])));
        Assert.Equal([1.5, -0.25], FloatingPoint.Values(new SafeTensor("x", SafeTensorType.F16, [2], [0x00, 0x3e, 0x00, 0xb4])));
    }

    private static SafeTensor[] Parameter(int i = 0, int steps = 2) =>
    [
        SafeTensor.Of($"param.{i}.init", [2], new double[2]),
        SafeTensor.Of($"param.{i}.grad", [steps, 2], new double[steps * 2]),
        SafeTensor.Of($"param.{i}.after", [steps, 2], new double[steps * 2]),
    ];

    private void AssertMalformed(
        string message, IEnumerable<SafeTensor> tensors, string? hyper = "{}", string? optimizer = "Sgd", string? steps = null)
    {
        var path = this.folder["a.safetensors"];
        var metadata = new Dictionary<string, string?> { ["hyper"] = hyper, ["optimizer"] = optimizer, ["steps"] = steps };
        SafeTensors.Write(path, tensors, metadata.Where(pair => pair.Value is not null)!);
        var exception = Assert.Throws<InvalidDataException>(() => Trajectory.Load(path));
        Assert.StartsWith($"{path}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
