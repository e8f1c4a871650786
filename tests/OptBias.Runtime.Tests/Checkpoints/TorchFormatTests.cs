using System.Text.Json;
using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>
/// State of PyTorch's optimizers. The files in <c>torch/</c> were put together byte by byte by <c>tools/torch-state.py</c> from the
/// published layout of <c>state_dict()</c>; they do not come from the code that is tested.
/// </summary>
public sealed class TorchFormatTests : IDisposable
{
    private readonly Folder folder = new();

    public static TheoryData<string> Names => ["AdamW", "Adam", "AmsGrad", "SgdMomentum", "RmsProp", "Adagrad"];

    private string File => this.folder["x.safetensors"];

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void State_of_PyTorch_loads_with_its_numbers_steps_and_hyperparameters(string name)
    {
        using var optimizer = Make(name);
        var file = SafeTensors.Read(Recorded(name));
        optimizer.Load(Recorded(name));
        var names = Mapping(name);
        foreach (var (state, i) in optimizer.States.Select((s, i) => (s, i)))
        {
            foreach (var (ours, value) in state.Tensors)
                Assert.Equal(Convert.ToHexString(file[$"state.{i}.{names[ours]}"].Bytes), Convert.ToHexString(SafeTensor.Of("x", value).Bytes));
            Assert.Equal(name == "SgdMomentum" ? 1 : 12, state.Step);
        }

        var options = (DeclaredOptions)optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Single().Options;
        Assert.Equal(0.0625, options.LearningRate);
        Assert.Equal(0.125, options.InitialLearningRate);
        for (var i = 0; i < options.Hyperparameters.Count; i++)
            Assert.Equal(Expected(options.Hyperparameters[i].Name, name), options[i]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_for_PyTorch_is_what_PyTorch_writes(string name)
    {
        using var optimizer = Make(name);
        optimizer.Load(Recorded(name));
        optimizer.SaveForPyTorch(this.File);
        var (expected, written) = (SafeTensors.Read(Recorded(name)), SafeTensors.Read(this.File));
        Assert.Equal(expected.Select(Text).Order(StringComparer.Ordinal), written.Select(Text).Order(StringComparer.Ordinal));

        // What PyTorch's groups hold besides are switches of its implementation, which the Python that loads leaves as they are.
        using var groups = JsonDocument.Parse(expected.Metadata["param_groups"]);
        using var ours = JsonDocument.Parse(written.Metadata["param_groups"]);
        foreach (var property in ours.RootElement[0].EnumerateObject())
            Assert.True(JsonElement.DeepEquals(groups.RootElement[0].GetProperty(property.Name), property.Value), property.Name);

        using var again = Make(name);
        again.Load(this.File);
        Assert.Equal(Bits.Of(optimizer), Bits.Of(again));
    }

    [Fact]
    public void Training_goes_on_from_the_state_of_PyTorch()
    {
        using var optimizer = Make("AdamW");
        optimizer.Load(Recorded("AdamW"));
        var state = optimizer.States.First();
        var (m, v) = (state.Tensors.First().Value[1].item<float>(), state.Tensors.Last().Value[1].item<float>());
        state.Parameter.grad = ones(3);
        optimizer.step();
        var mean = ((0.75 * m) + 0.25) / (1 - Math.Pow(0.75, 13));
        var square = ((0.96875 * v) + 0.03125) / (1 - Math.Pow(0.96875, 13));
        var expected = 1 - (0.0625 * ((mean / (Math.Sqrt(square) + 0.0078125)) + 0.015625));
        Assert.Equal(expected, state.Parameter[1].item<float>(), 1e-6);
    }

    [Fact]
    public void Keys_may_be_names()
    {
        var file = SafeTensors.Read(Recorded("AdamW"));
        var renamed = file.Select(tensor => new SafeTensor(tensor.Name.Replace("state.0", "state.fc1.weight", StringComparison.Ordinal).Replace("state.1", "state.fc1.bias", StringComparison.Ordinal), tensor.Type, tensor.Shape, tensor.Bytes.ToArray()));
        SafeTensors.Write(this.File, renamed, [new("param_groups", file.Metadata["param_groups"].Replace("\"params\": [0, 1]", "\"params\": [\"fc1.weight\", \"fc1.bias\"]", StringComparison.Ordinal))]);
        using var swapped = new AdamW([("fc1.bias", new Parameter(ones(2, 2))), ("fc1.weight", new Parameter(ones(3)))]);
        swapped.Load(this.File);
        using var plain = Make("AdamW");
        plain.Load(Recorded("AdamW"));
        Assert.Equal(plain.States.Select(s => s.Tensors.First().Value.sum().item<float>()).Reverse(), swapped.States.Select(s => s.Tensors.First().Value.sum().item<float>()));

        // Without names on this side, their order must be vouched for.
        using var unnamed = Make("AdamW");
        Assert.Throws<CheckpointMismatchException>(() => unnamed.Load(this.File));
        unnamed.Load(this.File, CheckpointDifferences.ParameterNames);
        Assert.Equal(Bits.Of(plain), Bits.Of(unnamed));
    }

    [Fact]
    public void Names_are_written_beside_the_numbers_and_find_their_parameters_again()
    {
        var (weight, bias) = (new Parameter(ones(3)) { grad = ones(3) }, new Parameter(ones(2, 2)) { grad = full([2, 2], 5f) });
        using var named = new AdamW([("fc1.weight", weight), ("fc1.bias", bias)]);
        named.step();
        named.SaveForPyTorch(this.File);
        using var groups = JsonDocument.Parse(SafeTensors.Read(this.File).Metadata["param_groups"]);
        Assert.Equal("""["fc1.weight","fc1.bias"]""", groups.RootElement[0].GetProperty("param_names").GetRawText());
        Assert.Equal("[0,1]", groups.RootElement[0].GetProperty("params").GetRawText());
        using var swapped = new AdamW([("fc1.bias", new Parameter(ones(2, 2))), ("fc1.weight", new Parameter(ones(3)))]);
        swapped.Load(this.File);
        Assert.Equal([0.5f, 0.1f], swapped.States.Take(2).Select(static state => MathF.Round(state.Tensors.First().Value.flatten()[0].item<float>(), 4)));

        // Where one of a group has no name, the group has no list of names.
        using var half = new AdamW([new AdamW.ParamGroup([("a", weight)]), new AdamW.ParamGroup([bias])]);
        half.SaveForPyTorch(this.File);
        using var two = JsonDocument.Parse(SafeTensors.Read(this.File).Metadata["param_groups"]);
        Assert.Equal([true, false], two.RootElement.EnumerateArray().Select(static group => group.TryGetProperty("param_names", out _)));
        Assert.Equal("[1]", two.RootElement[1].GetProperty("params").GetRawText());
    }

    [Fact]
    public void A_parameter_that_has_not_stepped_has_no_state_in_either()
    {
        using var optimizer = Make("AdamW");
        optimizer.States.First().Parameter.grad = ones(3);
        optimizer.step();
        optimizer.SaveForPyTorch(this.File);
        Assert.All(SafeTensors.Read(this.File), tensor => Assert.StartsWith("state.0.", tensor.Name, StringComparison.Ordinal));
        using var other = Make("AdamW");
        other.Load(Recorded("AdamW"));
        other.Load(this.File);
        Assert.Equal(Bits.Of(optimizer), Bits.Of(other));
    }

    [Theory]
    [InlineData("\"weight_decay\": 0.015625", "\"weight_decay\": -1", typeof(CheckpointMismatchException), "weight_decay is -1")]
    [InlineData("\"lr\": 0.0625", "\"lr\": null", typeof(InvalidDataException), "")]
    [InlineData("\"betas\": [0.75, 0.96875]", "\"betas\": [0.75]", typeof(InvalidDataException), "'betas' is not a list of 2 numbers")]
    [InlineData("\"betas\": [0.75, 0.96875]", "\"betas\": [0.75, 1.5]", typeof(CheckpointMismatchException), "beta2 is 1.5")]
    [InlineData("\"params\": [0, 1]", "\"params\": [0, 0]", typeof(InvalidDataException), "parameter 0 is in 'param_groups' twice")]
    [InlineData("\"params\": [0, 1]", "\"params\": [0]", typeof(InvalidDataException), "belongs to no parameter")]
    [InlineData("\"params\": [0, 1]", "\"params\": [0, 1, 2]", typeof(CheckpointMismatchException), "parameters: 3 were saved, there are 2")]
    [InlineData("\"params\": [0, 1]", "\"params\": 7", typeof(InvalidDataException), "has no list 'params'")]
    [InlineData("[{", "{", typeof(InvalidDataException), "")]
    [InlineData("\"eps\": 0.0078125", "\"decay_of_ours\": 3", typeof(CheckpointMismatchException), "decay_of_ours = 3 was saved")]
    public void A_group_that_does_not_fit_changes_nothing(string old, string replacement, Type exception, string message)
    {
        var file = SafeTensors.Read(Recorded("AdamW"));
        Assert.Contains(old, file.Metadata["param_groups"], StringComparison.Ordinal);
        SafeTensors.Write(this.File, file, [new("param_groups", file.Metadata["param_groups"].Replace(old, replacement, StringComparison.Ordinal))]);
        this.Refused("AdamW", exception, message);
    }

    [Theory]
    [InlineData("state.0.step", "state.0.steps", typeof(CheckpointMismatchException), "steps was saved")]
    [InlineData("state.0.exp_avg_sq", "state.0.square_avg", typeof(CheckpointMismatchException), "second_moment was not saved")]
    [InlineData("state.0.step", "step", typeof(InvalidDataException), "is not called state.PARAMETER.NAME")]
    public void A_tensor_that_does_not_fit_changes_nothing(string old, string replacement, Type exception, string message)
    {
        var file = SafeTensors.Read(Recorded("AdamW"));
        SafeTensors.Write(this.File, file.Select(tensor => new SafeTensor(tensor.Name == old ? replacement : tensor.Name, tensor.Type, tensor.Shape, tensor.Bytes.ToArray())), file.Metadata);
        this.Refused("AdamW", exception, message);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_step_that_is_no_count_changes_nothing(double step)
    {
        var file = SafeTensors.Read(Recorded("AdamW"));
        SafeTensors.Write(this.File, file.Select(tensor => tensor.Name == "state.0.step" ? SafeTensor.Of(tensor.Name, [], new[] { step }) : tensor), file.Metadata);
        this.Refused("AdamW", typeof(InvalidDataException), "no count of steps");
    }

    [Fact]
    public void A_weight_decay_that_the_declaration_lacks_is_named()
    {
        // Adam has no decay here: the file of AdamW has one.
        using var optimizer = Make("Adam");
        Assert.Contains("weight_decay = 0.015625 was saved", Assert.Throws<CheckpointMismatchException>(() => optimizer.Load(Recorded("AdamW"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shampoo")]
    [InlineData("Muon")]
    [InlineData("Lion")]
    [InlineData("TwoMomenta")]
    public void What_PyTorch_does_not_have_is_refused_both_ways(string name)
    {
        using var optimizer = Declared.Find(name).Create([new Parameter(ones(3, 3))], new Dictionary<string, double>());
        Assert.Contains("Known: Adam and AdamW, RMSprop, Adagrad, SGD", Assert.Throws<NotSupportedException>(() => optimizer.SaveForPyTorch(this.File)).Message, StringComparison.Ordinal);
        Assert.Empty(this.folder.Files);
        Assert.Throws<CheckpointMismatchException>(() => optimizer.Load(Recorded("AdamW")));
    }

    [Fact]
    public void State_in_bfloat16_is_widened_to_what_the_arithmetic_keeps()
    {
        var file = SafeTensors.Read(Recorded("AdamW"));
        SafeTensors.Write(this.File, file.Select(tensor => tensor.Name.EndsWith("step", StringComparison.Ordinal) ? tensor : Narrow(tensor)), file.Metadata);
        using var optimizer = new AdamW([new Parameter(ones(3, dtype: ScalarType.BFloat16)), new Parameter(ones(2, 2, dtype: ScalarType.BFloat16))]);
        optimizer.Load(this.File);
        using var wide = Make("AdamW");
        wide.Load(Recorded("AdamW"));
        Assert.True(wide.States.First().Tensors.First().Value.allclose(optimizer.States.First().Tensors.First().Value, 1e-2));

        static SafeTensor Narrow(SafeTensor tensor)
        {
            using var wide = tensor.ToTensor();
            using var narrow = wide.to_type(ScalarType.BFloat16);
            return SafeTensor.Of(tensor.Name, narrow);
        }
    }

    private static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, "torch", name.ToLowerInvariant() + ".safetensors");

    private static DeclaredOptimizer Make(string name) => Declared.Find(name).Create([new Parameter(ones(3)), new Parameter(ones(2, 2))], new Dictionary<string, double>());

    private static double Expected(string hyperparameter, string name) => hyperparameter switch
    {
        "lr" => 0.0625,
        "beta1" => 0.75,
        "beta2" => name == "RmsProp" ? 0.875 : 0.96875,
        "eps" => 0.0078125,
        "weight_decay" => 0.015625,
        "momentum" => 0.625,
        _ => double.NaN,
    };

    private static Dictionary<string, string> Mapping(string name) => name switch
    {
        "RmsProp" => new() { ["second_moment"] = "square_avg" },
        "Adagrad" => new() { ["second_moment"] = "sum" },
        "SgdMomentum" => new() { ["momentum_buffer"] = "momentum_buffer" },
        _ => new() { ["momentum"] = "exp_avg", ["second_moment"] = "exp_avg_sq", ["max_second_moment"] = "max_exp_avg_sq" },
    };

    private static string Text(SafeTensor tensor) => $"{tensor.Name} {tensor.Type} {tensor.ShapeText} {Convert.ToHexString(tensor.Bytes)}";

    private void Refused(string name, Type exception, string message)
    {
        using var optimizer = Make(name);
        var before = Bits.Of(optimizer);
        Assert.Contains(message, Assert.Throws(exception, () => optimizer.Load(this.File)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits.Of(optimizer));
    }
}
