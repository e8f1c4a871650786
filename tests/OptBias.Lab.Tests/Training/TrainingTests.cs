using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Training;

public sealed class TrainingTests(SmallDigits digits) : IClassFixture<SmallDigits>
{
    private static readonly TrainingPlan Plan = new() { Epochs = 1, BatchSize = 16, EvaluationLimit = 50 };

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("transformer")]
    public void Every_model_learns_the_first_task(string model)
    {
        using var network = ModelSpecification.Parse(model).Create(1);
        var result = this.Run(network, "AdamW", 3e-3, new ClassIncremental(), epochs: 3);
        Assert.False(result.HasDiverged);
        Assert.True(result.Accuracy[0, 0] > 0.85, $"{model} reaches {result.Accuracy[0, 0]} on digits 0 and 1");
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("transformer")]
    public void The_same_seed_gives_the_same_weights_after_training(string model)
    {
        var first = this.Trained(model, seed: 3);
        var second = this.Trained(model, seed: 3);
        var other = this.Trained(model, seed: 4);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData("mlp", 28 * 28 * 128)]
    [InlineData("cnn", 0)]
    [InlineData("transformer", 0)]
    public void Initial_weights_follow_from_the_seed_and_biases_are_zero(string model, int firstLayer)
    {
        using var a = ModelSpecification.Parse(model).Create(1);
        using var b = ModelSpecification.Parse(model).Create(1);
        Assert.All(a.Parameters().Zip(b.Parameters()), pair => Assert.Equal(pair.First.Parameter.data<float>().ToArray(), pair.Second.Parameter.data<float>().ToArray()));
        Assert.All(a.Parameters().Where(p => p.Name.EndsWith("bias", StringComparison.Ordinal)), p => Assert.Equal(0f, p.Parameter.abs().max().ToSingle()));
        if (firstLayer > 0)
        {
            var weight = a.Parameters()[0].Parameter;
            Assert.Equal(firstLayer, weight.numel());
            Assert.Equal(Math.Sqrt(2.0 / (28 * 28)), weight.std().ToDouble(), 3);
        }
    }

    [Fact]
    public void Different_widths_start_from_numbers_of_their_own_sizes()
    {
        using var network = ModelSpecification.Parse("mlp-32x3").Create(1);
        Assert.Equal([[32, 784], [32], [32, 32], [32], [32, 32], [32], [10, 32], [10]], network.Parameters().Select(p => p.Parameter.shape));
        using var images = rand(5, 1, 28, 28);
        using var representation = network.Represent(images);
        Assert.Equal([5, 32], representation.shape);
    }

    [Theory]
    [InlineData("mlpp", "Did you mean 'mlp'?")]
    [InlineData("mlp-", "no readable size")]
    [InlineData("mlp-1x2x3", "no readable size")]
    [InlineData("mlp-4", "not in [8, 4096]")]
    [InlineData("cnn-64x4", "has depth 3")]
    [InlineData("transformer-30", "multiple of its 4 heads")]
    public void A_wrong_model_is_explained(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => ModelSpecification.Parse(text)).Message);

    [Fact]
    public void A_run_that_diverges_says_where_and_leaves_the_rest_undefined()
    {
        using var network = ModelSpecification.Parse("mlp").Create(1);
        var result = this.Run(network, "Sgd", 1e6, new ClassIncremental());
        Assert.True(result.HasDiverged);
        Assert.Matches(@"^classes \d, \d, epoch 1, step \d+: the loss is (NaN|infinite)$", result.Diverged!);
        Assert.True(double.IsNaN(result.Accuracy[4, 0]));
    }

    [Fact]
    public void Squares_too_large_for_float32_do_not_stop_Shampoo()
    {
        using var network = ModelSpecification.Parse("mlp").Create(1);
        // The squares of these gradients, which Shampoo's factors sum, overflow float32; the factors are float64.
        using (no_grad())
            network.Parameters().Single(p => p.Role == ParameterRole.Head).Parameter.mul_(1e25f);
        var result = this.Run(network, "Shampoo", 1e-3, new ClassIncremental());
        Assert.Null(result.Diverged);
    }

    [Fact]
    public void A_preconditioner_that_gives_up_is_divergence_and_no_crash()
    {
        using var network = ModelSpecification.Parse("mlp").Create(1);
        // Weights of the head at the end of float32's range: logits of tiny units stay finite, the difference of two rows,
        // which is the gradient of those units, does not.
        using (no_grad())
        {
            var parameters = network.Parameters();
            parameters.Single(p => p.Name == "hidden2.weight").Parameter.mul_(1e-20f);
            var head = parameters.Single(p => p.Role == ParameterRole.Head).Parameter;
            head.copy_(head.sign() * 3e38f);
        }

        var result = this.Run(network, "Shampoo", 1e-3, new ClassIncremental(), batch: 1);
        Assert.Contains("the optimizer failed", result.Diverged);
    }

    [Fact]
    public void Biases_can_have_an_optimizer_of_their_own()
    {
        using var network = ModelSpecification.Parse("mlp").Create(1);
        var before = network.Parameters().Select(p => p.Parameter.data<float>().ToArray()).ToArray();
        var method = Plain("Sgd") with { BiasOptimizer = "Lion", HeadOptimizer = "AdamW" };
        using var optimizer = new MethodOptimizer(method, 1e-3, network, DeclaredOptimizers.Default);
        foreach (var parameter in network.Parameters())
            parameter.Parameter.grad = ones_like(parameter.Parameter);
        optimizer.Step();
        // A step along ones: Sgd and Lion move by lr, AdamW by lr and its decay.
        foreach (var (parameter, start) in network.Parameters().Zip(before))
        {
            var decay = parameter.Role == ParameterRole.Weight ? 0 : 0.01;
            var expected = start.Select(x => x - (1e-3f * (1 + (float)(decay * x))));
            Assert.All(expected.Zip(parameter.Parameter.data<float>().ToArray()), x => Assert.Equal(x.First, x.Second, 5));
        }
    }

    [Fact]
    public void Every_scenario_gives_every_method_the_same_batches()
    {
        foreach (var scenario in new Scenario[] { new ClassIncremental(), new PermutedDigits(3), new RotatedDigits(3), new SingleTask() })
        {
            using var first = new TaskSets(digits.Data, scenario, Plan, onValidation: false, seed: 5);
            using var second = new TaskSets(digits.Data, scenario, Plan, onValidation: false, seed: 5);
            for (var task = 0; task < scenario.Tasks; task++)
                Assert.True(first.Training(task).Images.equal(second.Training(task).Images).all().ToBoolean());
        }
    }

    [Fact]
    public void Class_incremental_tasks_have_their_own_two_digits()
    {
        using var sets = new TaskSets(digits.Data, new ClassIncremental(), Plan, onValidation: false, seed: 1);
        for (var task = 0; task < 5; task++)
        {
            long[] expected = [2 * task, (2 * task) + 1];
            Assert.Equal(expected, sets.Training(task).Labels.data<long>().ToArray().Distinct().Order());
            Assert.Equal(expected, sets.Evaluation(task).Labels.data<long>().ToArray().Distinct().Order());
        }
    }

    [Fact]
    public void A_permutation_moves_pixels_and_keeps_them()
    {
        using var plain = new SingleTask().Take(digits.Data.Test, 0, DataPart.Test, 1);
        using var permuted = new PermutedDigits(3).Take(digits.Data.Test, 1, DataPart.Test, 1);
        using var again = new PermutedDigits(3).Take(digits.Data.Test, 1, DataPart.Test, 1);
        using var other = new PermutedDigits(3).Take(digits.Data.Test, 2, DataPart.Test, 1);
        Assert.Equal(plain.Images[0].data<float>().ToArray().Order(), permuted.Images[0].data<float>().ToArray().Order());
        Assert.NotEqual(plain.Images[0].data<float>().ToArray(), permuted.Images[0].data<float>().ToArray());
        Assert.Equal(permuted.Images[0].data<float>().ToArray(), again.Images[0].data<float>().ToArray());
        Assert.NotEqual(permuted.Images[0].data<float>().ToArray(), other.Images[0].data<float>().ToArray());
    }

    [Fact]
    public void A_rotation_by_ninety_degrees_turns_counter_clockwise()
    {
        var scenario = new RotatedDigits(3);
        using var plain = scenario.Take(digits.Data.Test, 0, DataPart.Test, 1);
        using var turned = scenario.Take(digits.Data.Test, 1, DataPart.Test, 1);
        using var expected = plain.Images[0, 0].rot90(1);
        Assert.True((turned.Images[0, 0] - expected).abs().max().ToSingle() < 1e-4, "the middle of three tasks is turned by 90°");
    }

    [Fact]
    public void Training_leaves_no_tensors_behind()
    {
        // The statistics of this thread: other tests make tensors on theirs.
        this.Trained("mlp", 1);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
            this.Trained("mlp", 1);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static Method Plain(string name) => new() { Name = name, Optimizer = name, LowestRate = 1e-4, HighestRate = 1e-2 };

    private float[] Trained(string model, int seed)
    {
        using var network = ModelSpecification.Parse(model).Create(seed);
        using var sets = new TaskSets(digits.Data, new PermutedDigits(2), Plan, onValidation: false, seed);
        using var optimizer = new MethodOptimizer(Plain("AdamW"), 1e-3, network, DeclaredOptimizers.Default);
        new ContinualTraining { Tasks = sets, Plan = Plan, Seed = seed }.Run(network, optimizer);
        return [.. network.Parameters().SelectMany(p => p.Parameter.data<float>().ToArray())];
    }

    private ContinualResult Run(Network network, string optimizerName, double rate, Scenario scenario, int epochs = 1, int batch = 16)
    {
        var plan = Plan with { Epochs = epochs, BatchSize = batch };
        using var sets = new TaskSets(digits.Data, scenario, plan, onValidation: false, seed: 1);
        using var optimizer = new MethodOptimizer(Plain(optimizerName), rate, network, DeclaredOptimizers.Default);
        return new ContinualTraining { Tasks = sets, Plan = plan, Seed = 1 }.Run(network, optimizer);
    }
}

/// <summary>A few hundred drawn digits, made once for a class of tests.</summary>
public sealed class SmallDigits : IDisposable
{
    public SmallDigits()
    {
        var (train, test) = EmbeddedDigits.Create(600, 200);
        this.Data = ImageData.Of("few digits", train, test);
    }

    public ImageData Data { get; }

    public void Dispose() => this.Data.Dispose();
}
