using OptBias.Kernels;
using OptBias.Routes;
using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>What [State] declares: narrow state, rounding by chance, master weights, and what they cost.</summary>
[Collection(Alone.Name)]
public sealed class StateStorageTests
{
    private static readonly ScalarType[] Types = [ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    public static TheoryData<string> ElementwiseNames => Declared.ElementwiseNames;

    [Theory]
    [InlineData("AdamW", ScalarType.Float32, 8, 28)]
    [InlineData("AdamW", ScalarType.Float64, 16, 56)]
    [InlineData("AdamW", ScalarType.BFloat16, 8, 22)]
    [InlineData("NarrowAdamW", ScalarType.Float32, 4, 20)]
    [InlineData("NarrowAdamW", ScalarType.Float64, 16, 56)]
    [InlineData("NarrowAdamW", ScalarType.Float16, 4, 14)]
    [InlineData("MasterAdamW", ScalarType.BFloat16, 12, 28)]
    [InlineData("MasterAdamW", ScalarType.Float32, 8, 28)]
    [InlineData("NarrowMasterAdamW", ScalarType.BFloat16, 8, 20)]
    [InlineData("Sgd", ScalarType.BFloat16, 0, 6)]
    [InlineData("MasterSgd", ScalarType.Float16, 4, 12)]
    [InlineData("Lamb", ScalarType.BFloat16, 8, 32)]
    public void Bytes_of_state_and_bytes_moved(string name, ScalarType dtype, int kept, int moved)
    {
        var cost = Declared.Find(name).Cost;
        Assert.Equal((kept, moved), (cost.StateBytes(dtype), cost.BytesMoved(dtype)));
    }

    [Theory]
    [MemberData(nameof(ElementwiseNames))]
    public void The_cost_says_what_is_kept_and_the_plan_what_is_moved(string name)
    {
        var descriptor = Declared.Find(name);
        if (descriptor.Plan.Routes.Count > 0)
            return;
        foreach (var dtype in Types)
        {
            using var problem = new Problem(dtype, 1, [70]);
            using var optimizer = Make(name, problem, Backend.Auto);
            var rows = descriptor.Cost.StateNumbers(70) - (70L * descriptor.Cost.StateElements);
            Assert.Equal(
                (70L * descriptor.Cost.StateBytes(dtype)) + (rows * (dtype == ScalarType.Float64 ? 8 : 4)) + (8 * descriptor.Cost.CarriedNumbers),
                optimizer.States.Single().Tensors.Sum(t => t.Value.NumberOfElements * t.Value.ElementSize));
            Assert.Equal(
                PlanDescription.Of(descriptor.Plan).Where(step => step.IsPass).Sum(step => step.Reads.Sum(t => t.BytesRead(dtype)) + step.Writes.Sum(t => t.BytesWritten(dtype))),
                descriptor.Cost.BytesMoved(dtype));
        }
    }

    [Fact]
    public void State_has_the_declared_type_where_the_arithmetic_is_float32()
    {
        foreach (var dtype in Types)
        {
            using var problem = new Problem(dtype, 1, [5]);
            using var optimizer = new NarrowAdamW(problem.Parameters);
            Assert.All(optimizer.States.Single().Tensors, t => Assert.Equal(dtype == ScalarType.Float64 ? dtype : ScalarType.BFloat16, t.Value.dtype));
        }
    }

    [Theory]
    [InlineData(Backend.Fused, ScalarType.BFloat16)]
    [InlineData(Backend.Fused, ScalarType.Float16)]
    [InlineData(Backend.TorchSharp, ScalarType.BFloat16)]
    [InlineData(Backend.TorchSharp, ScalarType.Float16)]
    public void Master_weights_are_a_float32_run_and_the_parameters_that_run_rounded(Backend backend, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var narrow = new Problem(dtype, 4, [1000], [33, 17]);
        using var wide = new Problem(dtype, 4, [1000], [33, 17]);
        for (var i = 0; i < wide.Parameters.Count; i++)
            wide.Parameters[i] = new(narrow.Parameters[i].detach().to_type(ScalarType.Float32));
        using var one = Make("MasterAdamW", narrow, backend);
        using var other = Make("MasterAdamW", wide, backend);
        for (var step = 0; step < 20; step++)
        {
            narrow.SetGradients(step);
            for (var i = 0; i < wide.Parameters.Count; i++)
                wide.Parameters[i].grad = narrow.Parameters[i].grad!.to_type(ScalarType.Float32);
            one.step();
            other.step();
        }

        foreach (var (state, parameter) in one.States.Zip(wide.Parameters))
        {
            Assert.True(Master(state).equal(parameter).all().item<bool>());
            Assert.True(state.Parameter.equal(parameter.to_type(dtype)).all().item<bool>());
        }

        Assert.DoesNotContain(other.States.First().Tensors, t => t.Name == "master_weights");
    }

    [Fact]
    public void Small_steps_are_lost_to_the_nearest_kept_by_chance_and_kept_by_master_weights()
    {
        // 100 steps of 1e-4 from 1: each is below half of bfloat16's spacing there, 1/256.
        double Mean(string name, Backend backend)
        {
            using var scope = NewDisposeScope();
            using var problem = new Problem(ScalarType.BFloat16, 1, [20_000]);
            using (no_grad())
                problem.Parameters[0].fill_(1);
            using var optimizer = Make(name, problem, backend, 1e-4);
            problem.Parameters[0].grad = ones_like(problem.Parameters[0]);
            for (var step = 0; step < 100; step++)
                optimizer.step();
            return problem.Parameters[0].to_type(ScalarType.Float64).mean().item<double>();
        }

        foreach (var backend in new[] { Backend.Fused, Backend.TorchSharp })
        {
            Assert.Equal(1, Mean("Sgd", backend));
            Assert.InRange(Mean("ChanceSgd", backend), 0.99 - 2e-4, 0.99 + 2e-4);
            Assert.InRange(Mean("MasterSgd", backend), 0.99 - (1 / 512.0), 0.99 + (1 / 512.0));
        }
    }

    [Fact]
    public void Chance_is_the_same_for_the_same_seed_on_any_number_of_threads_and_another_for_another()
    {
        var threads = get_num_threads();
        try
        {
            Problem Run(string name, int count)
            {
                set_num_threads(count);
                var problem = new Problem(ScalarType.BFloat16, 5, [300_007], [70_001]);
                using var optimizer = Make(name, problem, Backend.Fused);
                for (var step = 0; step < 3; step++)
                {
                    problem.SetGradients(step);
                    optimizer.step();
                }

                return problem;
            }

            using var first = Run("ChanceSgd", 1);
            foreach (var count in new[] { 1, 2, 3 })
            {
                using var again = Run("ChanceSgd", count);
                Assert.Equal(0, again.DistanceTo(first));
            }

            using var other = Run("OtherChanceSgd", 1);
            Assert.NotEqual(0, other.DistanceTo(first));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Theory]
    [InlineData("NarrowMasterAdamW")]
    [InlineData("ChanceAdamW")]
    [InlineData("NarrowSoap")]
    public void A_run_goes_on_from_its_saved_state_as_if_nothing_had_happened(string name)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.BFloat16, 6, [40], [6, 5]);
        using var whole = Make(name, problem, Backend.Auto);
        Steps(whole, problem, 0, 5);
        using var resumed = new Problem(ScalarType.BFloat16, 6, [40], [6, 5]);
        for (var i = 0; i < resumed.Parameters.Count; i++)
            resumed.Parameters[i] = new(problem.Parameters[i].detach().clone());
        using var second = Make(name, resumed, Backend.Auto);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            whole.save_state_dict(writer);
        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
            second.load_state_dict(reader);
        Assert.All(whole.States.Zip(second.States), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));
        Steps(whole, problem, 5, 5);
        Steps(second, resumed, 5, 5);
        Assert.Equal(0, resumed.DistanceTo(problem));
    }

    [Theory]
    [InlineData("NarrowMasterAdamW")]
    [InlineData("ChanceAdamW")]
    [InlineData("NarrowPower")]
    public void A_step_allocates_no_managed_memory_and_leaves_no_tensors(string name)
    {
        using var problem = new Problem(ScalarType.BFloat16, 1, [12, 9], [9]);
        using var optimizer = Make(name, problem, Backend.Fused);
        problem.SetGradients(0);
        Assert.Equal(0, Allocations.OfSteps(optimizer));

        optimizer.Backend = Backend.TorchSharp;
        optimizer.step();
        var tensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var step = 0; step < 20; step++)
            optimizer.step();
        Assert.Equal(tensors, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_path_on_a_GPU_says_what_it_cannot_keep()
    {
        Assert.Null(RouteOf.Obstacle(DeviceType.CUDA, ScalarType.BFloat16, Declared.Find("NarrowAdamW").Plan.Storage));
        Assert.Null(RouteOf.Obstacle(DeviceType.CUDA, ScalarType.Float32, Declared.Find("MasterAdamW").Plan.Storage));
        Assert.Contains("master weights", RouteOf.Obstacle(DeviceType.CUDA, ScalarType.Float16, Declared.Find("MasterAdamW").Plan.Storage), StringComparison.Ordinal);
        Assert.Contains("stochastically", RouteOf.Obstacle(DeviceType.CUDA, ScalarType.BFloat16, Declared.Find("ChanceSgd").Plan.Storage), StringComparison.Ordinal);
        Assert.Contains("stochastically", RouteOf.Obstacle(DeviceType.CUDA, ScalarType.Float32, Declared.Find("ChanceAdamW").Plan.Storage), StringComparison.Ordinal);
        Assert.All(Declared.Catalogue.All, d => Assert.Null(RouteOf.Obstacle(DeviceType.CPU, ScalarType.BFloat16, d.Plan.Storage)));
    }

    private static Tensor Master(ParameterState state) => state.Tensors.Single(t => t.Name == "master_weights").Value;

    private static void Steps(DeclaredOptimizer optimizer, Problem problem, int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    private static DeclaredOptimizer Make(string name, Problem problem, Backend backend, double? rate = null)
    {
        var optimizer = Declared.Find(name).Create(problem.Parameters, rate is { } lr ? new Dictionary<string, double> { ["lr"] = lr } : []);
        optimizer.Backend = backend;
        return optimizer;
    }
}
