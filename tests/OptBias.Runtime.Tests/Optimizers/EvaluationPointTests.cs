using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Parameters go to the point at which one evaluates, and come back bit for bit, whatever happens there.</summary>
[Collection(Alone.Name)]
public sealed class EvaluationPointTests
{
    private static readonly long[][] Shapes = [[6, 5], [40], [4, 3, 2, 2], [9000]];

    public static TheoryData<string> Names => Declared.Names;

    public static TheoryData<ScalarType, Backend> Kinds => new()
    {
        { ScalarType.Float64, Backend.Auto }, { ScalarType.Float64, Backend.TorchSharp },
        { ScalarType.Float32, Backend.Auto }, { ScalarType.Float32, Backend.TorchSharp },
        { ScalarType.BFloat16, Backend.Auto }, { ScalarType.BFloat16, Backend.TorchSharp },
        { ScalarType.Float16, Backend.Auto }, { ScalarType.Float16, Backend.TorchSharp },
    };

    /// <summary>Two runs are the same to the bit, of which one goes there after each step.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void To_go_there_and_back_changes_no_step(string name)
    {
        using var visited = new Problem(ScalarType.Float32, 5, [7, 5], [33]);
        using var plain = new Problem(ScalarType.Float32, 5, [7, 5], [33]);
        using var one = Declared.Find(name).Create(visited.Parameters, new Dictionary<string, double>());
        using var other = Declared.Find(name).Create(plain.Parameters, new Dictionary<string, double>());
        for (var step = 0; step < 6; step++)
        {
            visited.SetGradients(step);
            plain.SetGradients(step);
            one.step();
            other.step();
            using (one.AtEvaluationPoint())
            {
            }

            Assert.Equal(Bytes(plain), Bytes(visited));
        }

        Assert.Equal(
            other.States.SelectMany(state => state.Tensors).Select(tensor => SafeTensor.Of(tensor.Name, tensor.Value.cpu()).Bytes.ToArray()),
            one.States.SelectMany(state => state.Tensors).Select(tensor => SafeTensor.Of(tensor.Name, tensor.Value.cpu()).Bytes.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void They_come_back_bit_for_bit_in_every_type(ScalarType dtype, Backend backend)
    {
        foreach (var name in new[] { nameof(ScheduleFreeAdamW), nameof(EmaAdamW), nameof(AveragedPowerProp), nameof(MixedPoint), nameof(AveragedMaster) })
        {
            using var problem = new Problem(dtype, 2, Shapes);
            using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
            optimizer.Backend = backend;
            Step(optimizer, problem, 0, 4);
            var before = Bytes(problem);
            var masters = optimizer.States.Select(state => state.Master is { } master ? SafeTensor.Of("m", master).Bytes.ToArray() : []).ToList();
            using (optimizer.AtEvaluationPoint())
                Assert.NotEqual(before, Bytes(problem));
            Assert.Equal(before, Bytes(problem));
            Assert.Equal(masters, optimizer.States.Select(state => state.Master is { } master ? SafeTensor.Of("m", master).Bytes.ToArray() : []));
        }
    }

    [Theory]
    [InlineData(Backend.Auto)]
    [InlineData(Backend.TorchSharp)]
    public void The_point_of_an_average_is_the_average(Backend backend)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float64, 3, Shapes);
        using var optimizer = new EmaAdamW(problem.Parameters, average_decay: 0.8) { Backend = backend };
        var averages = new Tensor?[problem.Parameters.Count];
        for (var step = 0; step < 5; step++)
        {
            Step(optimizer, problem, step, 1);
            for (var k = 0; k < averages.Length; k++)
                averages[k] = averages[k] is { } average ? (0.8 * average) + (0.2 * problem.Parameters[k].detach()) : problem.Parameters[k].detach().clone();
        }

        using (optimizer.AtEvaluationPoint())
            AssertNear(averages!, problem);
    }

    [Theory]
    [InlineData(Backend.Auto)]
    [InlineData(Backend.TorchSharp)]
    public void A_point_in_the_coordinates_of_a_power_law_is_carried_back(Backend backend)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float64, 3, Shapes);
        using var optimizer = new AveragedPowerProp(problem.Parameters) { Backend = backend };
        var means = problem.Parameters.Select(p => zeros_like(p)).ToArray();
        for (var step = 0; step < 5; step++)
        {
            for (var k = 0; k < means.Length; k++)
                means[k] = (0.5 * means[k]) + (0.5 * problem.Parameters[k].detach().sign() * problem.Parameters[k].detach().abs().sqrt());
            Step(optimizer, problem, step, 1);
        }

        using (optimizer.AtEvaluationPoint())
            AssertNear([.. means.Select(mean => mean * mean.abs())], problem);
    }

    [Theory]
    [InlineData(Backend.Auto)]
    [InlineData(Backend.TorchSharp)]
    public void A_point_knows_hyperparameters_the_shape_and_the_last_step(Backend backend)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float64, 3, Shapes);
        using var optimizer = new MixedPoint(problem.Parameters, lr: 0.1, share: 0.3) { Backend = backend };
        Step(optimizer, problem, 0, 3);
        var expected = problem.Parameters.Select(p => (0.7 * p.detach()) + (0.3 * p.grad!) + (0.1 / 3 / (p.dim() == 1 ? p.numel() : p.numel() / p.shape[0]))).ToArray();
        using (optimizer.AtEvaluationPoint())
            AssertNear(expected, problem);
    }

    [Fact]
    public void An_exception_inside_brings_them_back()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new ScheduleFreeSgd(problem.Parameters);
        Step(optimizer, problem, 0, 3);
        var before = Bytes(problem);
        Action fails = () =>
        {
            using (optimizer.AtEvaluationPoint())
                throw new FormatException();
        };
        Assert.Throws<FormatException>(fails);
        Assert.Equal(before, Bytes(problem));
        Step(optimizer, problem, 3, 1);
    }

    [Fact]
    public void What_is_written_inside_is_lost()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new EmaAdamW(problem.Parameters);
        Step(optimizer, problem, 0, 3);
        var before = Bytes(problem);
        using (optimizer.AtEvaluationPoint())
        {
            using var off = no_grad();
            problem.Parameters[0].fill_(float.NaN);
        }

        Assert.Equal(before, Bytes(problem));
    }

    [Fact]
    public void A_model_that_is_saved_inside_is_saved_at_the_point()
    {
        using var model = nn.Linear(4, 3);
        using var optimizer = new EmaAdamW(model.parameters(), lr: 0.1);
        for (var step = 0; step < 3; step++)
        {
            using var x = randn(8, 4);
            using var loss = model.forward(x).square().sum();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        using var file = new MemoryStream();
        var average = optimizer.States.First(state => state.Parameter.dim() == 2).Tensors.Single(tensor => tensor.Name == "average").Value;
        using (optimizer.AtEvaluationPoint())
            model.save(file);
        Assert.False(average.equal(model.weight!).all().item<bool>());
        using var written = new MemoryStream(file.ToArray());
        using var loaded = nn.Linear(4, 3);
        loaded.load(written);
        Assert.True(average.equal(loaded.weight!).all().item<bool>());
    }

    /// <summary>What would start from the wrong place, or be kept with it, is refused, and says how to go on.</summary>
    [Fact]
    public void The_optimizer_does_nothing_else_inside()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new ScheduleFreeAdamW(problem.Parameters);
        Step(optimizer, problem, 0, 2);
        var before = Bytes(problem);
        using (optimizer.AtEvaluationPoint())
        {
            var there = Bytes(problem);
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            var dictionary = optimizer.state_dict();
            (string Call, Action Act)[] calls =
            [
                ("step", () => optimizer.step()),
                ("step", () => optimizer.step(() => throw new FormatException("the closure is not asked"))),
                ("AtEvaluationPoint", () => optimizer.AtEvaluationPoint()),
                ("zero_grad", () => optimizer.zero_grad()),
                ("add_param_group", () => optimizer.add_param_group(new ScheduleFreeAdamW.ParamGroup(Array.Empty<TorchSharp.Modules.Parameter>()))),
                ("Save", () => optimizer.Save(path)),
                ("Load", () => optimizer.load_state_dict(dictionary)),
                ("Dispose", optimizer.Dispose),
            ];
            Assert.All(calls, call => Assert.StartsWith(
                $"ScheduleFreeAdamW: {call.Call} was called at the evaluation point", Assert.Throws<InvalidOperationException>(call.Act).Message, StringComparison.Ordinal));
            Assert.False(File.Exists(path));
            Assert.Equal(there, Bytes(problem));
        }

        Assert.Equal(before, Bytes(problem));
        Step(optimizer, problem, 2, 1);
    }

    [Fact]
    public void It_may_end_on_another_thread_and_twice()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new EmaAdamW(problem.Parameters);
        Step(optimizer, problem, 0, 2);
        var before = Bytes(problem);
        var scope = optimizer.AtEvaluationPoint();
        var thread = new Thread(scope.Dispose);
        thread.Start();
        thread.Join();
        Assert.Equal(before, Bytes(problem));
        Step(optimizer, problem, 2, 1);
        var later = Bytes(problem);
        scope.Dispose();
        Assert.Equal(later, Bytes(problem));
    }

    [Fact]
    public void Another_thread_is_refused_while_one_steps()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new EmaAdamW(problem.Parameters);
        Step(optimizer, problem, 0, 2);
        using var scope = optimizer.AtEvaluationPoint();
        var refused = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            Assert.Throws<InvalidOperationException>(() => optimizer.step());
            Interlocked.Increment(ref refused);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(4, refused);
    }

    [Fact]
    public void A_parameter_without_a_step_stays_where_it_is()
    {
        using var problem = new Problem(ScalarType.Float32, 2, [5], [6]);
        using var optimizer = new EmaAdamW(problem.Parameters, average_decay: 0.5);
        var fresh = Bytes(problem);
        using (optimizer.AtEvaluationPoint())
            Assert.Equal(fresh, Bytes(problem));
        for (var step = 0; step < 2; step++)
        {
            problem.SetGradients(step);
            problem.Parameters[1].grad = null;
            optimizer.step();
        }

        using (optimizer.AtEvaluationPoint())
            Assert.Equal(fresh[1], Bytes(problem)[1]);
    }

    [Fact]
    public void A_composite_asks_each_parameters_rule()
    {
        using var problem = new Problem(ScalarType.Float32, 2, [6, 5], [40]);
        using var optimizer = new AveragedMatrices(problem.Parameters);
        Step(optimizer, problem, 0, 3);
        var before = Bytes(problem);
        using (optimizer.AtEvaluationPoint())
        {
            Assert.NotEqual(before[0], Bytes(problem)[0]);
            Assert.Equal(before[1], Bytes(problem)[1]);
            Assert.Throws<InvalidOperationException>(() => optimizer.step());
        }

        Assert.Equal(before, Bytes(problem));
    }

    [Fact]
    public void A_rule_without_a_point_evaluates_at_its_parameter()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new AdamW(problem.Parameters);
        Step(optimizer, problem, 0, 2);
        var before = Bytes(problem);
        using (optimizer.AtEvaluationPoint())
        {
            Assert.Equal(before, Bytes(problem));
            Assert.Throws<InvalidOperationException>(() => optimizer.step());
        }

        Step(optimizer, problem, 2, 1);
    }

    /// <summary>A hyperparameter out of its range is found before anything moves.</summary>
    [Fact]
    public void What_is_refused_has_changed_nothing()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new MixedPoint(problem.Parameters);
        Step(optimizer, problem, 0, 2);
        var before = Bytes(problem);
        optimizer.ParamGroups.First().LearningRate = double.NaN;
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.AtEvaluationPoint());
        Assert.Equal(before, Bytes(problem));
        optimizer.ParamGroups.First().LearningRate = 0.1;
        Step(optimizer, problem, 2, 1);
    }

    [Fact]
    public void A_parameter_that_is_replaced_inside_is_named_and_the_others_come_back()
    {
        using var problem = new Problem(ScalarType.Float32, 2, [5], [6]);
        var optimizer = new EmaAdamW(problem.Parameters, average_decay: 0.5);
        Step(optimizer, problem, 0, 2);
        var before = Bytes(problem);
        var scope = optimizer.AtEvaluationPoint();
        problem.Parameters[0].Dispose();
        Assert.Contains("parameter 0 of group 0 no longer exists", Assert.Throws<InvalidOperationException>(scope.Dispose).Message, StringComparison.Ordinal);
        Assert.Equal(before[1], SafeTensor.Of("p", problem.Parameters[1]).Bytes.ToArray());
        optimizer.Dispose();
    }

    /// <summary>A run that is resumed from a checkpoint evaluates where the first one does.</summary>
    [Fact]
    public void A_checkpoint_has_the_point_with_the_state()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var copies = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new ScheduleFreeAdamW(problem.Parameters);
        using var resumed = new ScheduleFreeAdamW(copies.Parameters);
        Step(optimizer, problem, 0, 5);
        var path = Path.Combine(Directory.CreateTempSubdirectory("point").FullName, "state.safetensors");
        try
        {
            optimizer.Save(path);
            resumed.Load(path);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }

        using (no_grad())
        {
            foreach (var (copy, parameter) in copies.Parameters.Zip(problem.Parameters))
                copy.copy_(parameter);
        }

        using (optimizer.AtEvaluationPoint())
        using (resumed.AtEvaluationPoint())
            Assert.Equal(Bytes(problem), Bytes(copies));
    }

    private static void Step(DeclaredOptimizer optimizer, Problem problem, int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    private static List<byte[]> Bytes(Problem problem) => [.. problem.Parameters.Select(parameter => SafeTensor.Of("p", parameter).Bytes.ToArray())];

    private static void AssertNear(IReadOnlyList<Tensor> expected, Problem problem)
    {
        for (var k = 0; k < expected.Count; k++)
            Assert.InRange((problem.Parameters[k] - expected[k]).abs().max().item<double>(), 0, 1e-13);
    }
}
