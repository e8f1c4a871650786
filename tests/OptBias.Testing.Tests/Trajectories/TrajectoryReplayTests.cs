using TorchSharp;
using TorchSharp.Modules;

namespace OptBias.Testing.Tests;

public sealed class TrajectoryReplayTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("sgd_momentum_nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("adagrad")]
    [InlineData("rmsprop")]
    public void TorchSharps_own_optimizers_replay_what_torch_recorded(string name)
    {
        var trajectory = Trajectory.Load(TrajectoryFiles.Path(name));
        Assert.InRange(trajectory.Replay(Own(name)), 0, 1e-10);
        Assert.InRange(trajectory.Replay(Own(name), torch.float32), 1e-9, 1e-4);
    }

    [Fact]
    public void A_float32_recording_replays_in_float32() =>
        Assert.InRange(Trajectory.Load(TrajectoryFiles.Path("adamw_f32")).Replay(Own("adamw")), 0, 1e-4);

    [Fact]
    public void Another_learning_rate_is_seen() =>
        Assert.InRange(Trajectory.Load(TrajectoryFiles.Path("sgd")).Replay(parameters => torch.optim.SGD(parameters, 0.0500001)), 1e-7, 1);

    [Fact]
    public void An_optimizer_that_ends_in_NaN_has_an_infinite_error() =>
        Assert.Equal(double.PositiveInfinity, Trajectory.Load(TrajectoryFiles.Path("sgd")).Replay(parameters => new SpoilsOneElement(parameters)));

    [Theory]
    [InlineData(1.5, 1.0, 0.5 / 1.01)]
    [InlineData(0.001, 0.0, 0.1)]
    [InlineData(double.NaN, 1.0, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 1.0, double.PositiveInfinity)]
    public void The_error_is_relative_above_a_hundredth_and_absolute_below(double replayed, double recorded, double expected) =>
        Assert.Equal(expected, TrajectoryReplay.LargestError([recorded, replayed, recorded], [recorded, recorded, recorded]), 15);

    [Fact]
    public void A_descriptor_is_replayed_with_the_recorded_hyperparameters_on_the_backend_that_is_asked_for()
    {
        var created = new List<Descent>();
        var descriptor = TrajectoryHyperparametersTests.Optimizer("lr") with
        {
            Create = (parameters, values) =>
            {
                created.Add(new Descent(parameters, values["lr"]));
                return created[^1];
            },
        };

        Assert.InRange(Trajectory.Load(TrajectoryFiles.Path("sgd")).Replay(descriptor, Backend.TorchSharp), 0, 1e-10);
        Assert.Equal(Backend.TorchSharp, Assert.Single(created).Backend);
    }

    [Fact]
    public void A_recording_replays_without_error_and_survives_the_file()
    {
        var trajectory = Trajectory.Record(
            "Adam", new Dictionary<string, double> { ["lr"] = 0.01 }, parameters => torch.optim.Adam(parameters, 0.01), steps: 5, source: "TorchSharp");
        using var folder = new TemporaryFolder();
        trajectory.Save(folder["adam.safetensors"]);
        var loaded = Trajectory.Load(folder["adam.safetensors"]);

        Assert.Equal(("Adam", "TorchSharp", 5, 4), (loaded.Optimizer, loaded.Source, loaded.Steps, loaded.Parameters.Count));
        Assert.Equal(0, loaded.Replay(parameters => torch.optim.Adam(parameters, 0.01)));
        Assert.InRange(loaded.Replay(parameters => torch.optim.Adam(parameters, 0.02)), 1e-3, 1e3);
    }

    [Fact]
    public void A_recording_of_gradients_that_do_not_fit_is_refused()
    {
        using var initial = torch.zeros(3, dtype: torch.float64);
        using var gradients = torch.zeros([2, 4], dtype: torch.float64);
        var exception = Assert.Throws<ArgumentException>(() => Trajectory.Record(
            "Sgd", new Dictionary<string, double>(), parameters => torch.optim.SGD(parameters, 0.1), [initial], [gradients]));
        Assert.Contains("Parameter 0 is Float64 of shape [3], its gradients Float64 of shape [2, 4]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replays_leave_no_tensor_behind()
    {
        var trajectory = Trajectory.Load(TrajectoryFiles.Path("sgd"));
        trajectory.Replay(Own("sgd"));
        var before = torch.Tensor.TotalCount;
        for (var i = 0; i < 3; i++)
            trajectory.Replay(Own("sgd"));

        // Making a Parameter moves a tensor's handle without uncounting the tensor: TorchSharp's count, not its memory, drifts by one for each.
        Assert.InRange(torch.Tensor.TotalCount, 0, before + (3 * trajectory.Parameters.Count));
    }

    private static Func<IReadOnlyList<Parameter>, torch.optim.Optimizer> Own(string name) => name switch
    {
        "sgd" => parameters => torch.optim.SGD(parameters, 0.05),
        "sgd_momentum_nesterov" => parameters => torch.optim.SGD(parameters, 0.03, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        "adam" => parameters => torch.optim.Adam(parameters, 0.01),
        "adamw" => parameters => torch.optim.AdamW(parameters, 0.01, beta2: 0.99, weight_decay: 0.1),
        "adagrad" => parameters => torch.optim.Adagrad(parameters, 0.05),
        "rmsprop" => parameters => torch.optim.RMSProp(parameters, 0.01),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>Plain descent, by hand.</summary>
    private class Descent(IEnumerable<Parameter> weights, double lr)
        : DeclaredOptimizer(DescentOptions.Plan, new DescentOptions { LearningRate = lr }, [new DescentGroup(weights)])
    {
        protected readonly List<Parameter> weights = [.. weights];

        public override torch.Tensor step(Func<torch.Tensor>? closure = null)
        {
            using var noGradient = torch.no_grad();
            foreach (var parameter in this.weights)
                parameter.sub_(parameter.grad! * lr);
            return null!;
        }
    }

    private sealed class DescentOptions() : DeclaredOptions(Plan)
    {
        public static readonly Kernels.UpdatePlan Plan = new()
        {
            Name = "Descent",
            Hyperparameters = [new() { Name = "lr", Default = 0.05 }],
            Steps = [],
        };
    }

    private sealed class DescentGroup(IEnumerable<Parameter> weights) : DeclaredParamGroup<DescentOptions>(weights, new DescentOptions());

    /// <summary>Spoils a value in the last step only, in the middle of a tensor, where a maximum may lose it.</summary>
    private sealed class SpoilsOneElement(IReadOnlyList<Parameter> weights) : Descent(weights, 0.05)
    {
        private int steps;

        public override torch.Tensor step(Func<torch.Tensor>? closure = null)
        {
            base.step(closure);
            using var noGradient = torch.no_grad();
            if (++this.steps == 60)
                this.weights[1][3].fill_(double.NaN);
            return null!;
        }
    }
}
