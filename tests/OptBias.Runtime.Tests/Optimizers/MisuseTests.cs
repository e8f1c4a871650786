using OptBias.Kernels;
using OptBias.Native;
using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>What nobody should do gets an exception that says so: never silence, never the end of the process.</summary>
public sealed class MisuseTests
{
    public static TheoryData<string> Names => Declared.Names;

    public static TheoryData<Backend> Backends => [Backend.Auto, Backend.TorchSharp];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_disposed_optimizer_says_so_whatever_it_is_asked(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4, 3], [4]);
        var optimizer = Make(name, problem);
        problem.SetGradients(0);
        optimizer.step();
        var state = optimizer.States.First();
        var dictionary = optimizer.state_dict();
        optimizer.Dispose();
        optimizer.Dispose();
        problem.SetGradients(1);
        using var before = problem.Parameters[0].detach().clone();
        Action[] calls =
        [
            () => optimizer.step(),
            () => optimizer.step(() => throw new InvalidOperationException("the closure is not asked")),
            () => optimizer.zero_grad(),
            () => optimizer.zero_grad(set_to_none: false),
            () => optimizer.add_param_group(new AdamW.ParamGroup(Array.Empty<Parameter>())),
            () => _ = optimizer.States,
            () => optimizer.state_dict(),
            () => optimizer.load_state_dict(dictionary),
            () => optimizer.save_state_dict(new BinaryWriter(new MemoryStream())),
            () => optimizer.load_state_dict(new BinaryReader(Saved(name))),
            () => optimizer.to(CPU),
            () => _ = state.Tensors,
        ];
        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
        Assert.Contains($"{name} has been disposed of", Assert.Throws<ObjectDisposedException>(calls[0]).Message, StringComparison.Ordinal);
        Assert.True(before.equal(problem.Parameters[0]).all().item<bool>());
    }

    [Fact]
    public void An_optimizer_that_its_own_closure_disposes_of_takes_no_step()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4]);
        using var optimizer = new AdamW(problem.Parameters);
        problem.SetGradients(0);
        Assert.Throws<ObjectDisposedException>(() => optimizer.step(() =>
        {
            optimizer.Dispose();
            return zeros(1);
        }));
    }

    [Fact]
    public void A_closure_may_call_what_closures_call()
    {
        using var parameter = new Parameter(ones(3));
        using var optimizer = new AdamW([parameter]);
        using var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var value = parameter.square().sum();
            value.backward();
            return value;
        });
        Assert.Equal(3, loss!.item<float>());
        Assert.Equal(1, optimizer.States.Single().Step);
    }

    [Fact]
    public void Nothing_else_is_done_while_a_step_runs()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [40_000], [7]);
        using var optimizer = new Interrupted(problem.Parameters);
        problem.SetGradients(0);
        Action[] calls =
        [
            () => optimizer.step(),
            () => optimizer.zero_grad(),
            () => optimizer.add_param_group(new Interrupted.ParamGroup(Array.Empty<Parameter>())),
            optimizer.Dispose,
        ];
        var messages = new List<string>();
        Interrupted.During = () =>
        {
            foreach (var call in calls)
            {
                Exception? failure = null;
                var other = new Thread(() => failure = Record.Exception(call));
                other.Start();
                other.Join();
                messages.Add(Assert.IsType<InvalidOperationException>(failure).Message);
                messages.Add(Assert.IsType<InvalidOperationException>(Record.Exception(call)).Message);
            }
        };
        try
        {
            optimizer.step();
        }
        finally
        {
            Interrupted.During = null;
        }

        Assert.Contains("Interrupted: Dispose was called while step runs.", messages[^1], StringComparison.Ordinal);
        Assert.All(messages, message => Assert.Contains("An optimizer does one thing at a time", message, StringComparison.Ordinal));
        optimizer.step();
        Assert.All(optimizer.States, state => Assert.Equal(2, state.Step));
    }

    /// <summary>The steps that are taken are whole: every parameter has taken as many.</summary>
    [Theory]
    [InlineData("AdamW")]
    [InlineData("Muon")]
    [InlineData("Shampoo")]
    public void Threads_that_step_one_optimizer_get_exceptions_and_no_torn_step(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [64, 48], [48]);
        using var optimizer = Make(name, problem);
        problem.SetGradients(0);
        var (taken, refused) = (0, 0);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var t = 0; t < 50; t++)
            {
                try
                {
                    optimizer.step();
                    Interlocked.Increment(ref taken);
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });
        Assert.Equal(200, taken + refused);
        Assert.All(optimizer.States, state => Assert.Equal(taken, state.Step));
        Assert.All(problem.Parameters, parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void An_optimizer_that_is_disposed_of_while_others_step_it_ends_in_order()
    {
        for (var round = 0; round < 20; round++)
        {
            using var problem = new Problem(ScalarType.Float32, 1, [64, 48], [48]);
            problem.SetGradients(0);
            var optimizer = new AdamW(problem.Parameters);
            var steps = new Thread(() =>
            {
                try
                {
                    while (true)
                        optimizer.step();
                }
                catch (ObjectDisposedException)
                {
                }
            });
            steps.Start();
            while (true)
            {
                try
                {
                    optimizer.Dispose();
                    break;
                }
                catch (InvalidOperationException)
                {
                    Thread.Yield();
                }
            }

            steps.Join();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_that_were_made_in_inference_mode_are_gradients_like_others(string name)
    {
        foreach (var (backend, zeros) in from backend in new[] { Backend.Auto, Backend.TorchSharp } from zeros in new[] { false, true } select (backend, zeros))
        {
            using var problem = new Problem(ScalarType.Float32, 1, [4, 3], [4], [2, 3, 2]);
            using var plain = new Problem(ScalarType.Float32, 1, [4, 3], [4], [2, 3, 2]);
            using var optimizer = Make(name, problem);
            using var reference = Make(name, plain);
            (optimizer.Backend, optimizer.ZerosGradients) = (backend, zeros);
            (reference.Backend, reference.ZerosGradients) = (backend, zeros);
            for (var step = 0; step < 3; step++)
            {
                using (inference_mode())
                    problem.SetGradients(step);
                plain.SetGradients(step);
                optimizer.step();
                reference.step();
            }

            optimizer.zero_grad(set_to_none: false);
            reference.zero_grad(set_to_none: false);
            Everything.AssertSame(new Everything(reference, plain), new Everything(optimizer, problem), $"{backend}, {zeros}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_optimizer_made_and_stepped_in_inference_mode_goes_on_outside_of_it(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4, 3], [4], [4, 3, 2, 2]);
        using var plain = new Problem(ScalarType.Float32, 1, [4, 3], [4], [4, 3, 2, 2]);
        DeclaredOptimizer optimizer;
        using (inference_mode())
        {
            optimizer = Make(name, problem);
            Step(optimizer, problem, 0);
            Step(optimizer, problem, 1);
        }

        using (optimizer)
        using (var reference = Make(name, plain))
        {
            for (var step = 0; step < 4; step++)
                Step(reference, plain, step);
            for (var step = 2; step < 4; step++)
                Step(optimizer, problem, step);
            Everything.AssertSame(new Everything(reference, plain), new Everything(optimizer, problem), "after four steps");
        }

        // And a thread that has stepped in it is not lost for others.
        using var fresh = Make(name, plain);
        Step(fresh, plain, 4);

        static void Step(DeclaredOptimizer optimizer, Problem problem, int step)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    [Fact]
    public void A_parameter_that_was_made_in_inference_mode_is_refused()
    {
        Parameter parameter;
        using (inference_mode())
            parameter = new Parameter(ones(3));
        using (parameter)
        {
            var refusal = Assert.Throws<ArgumentException>(() => new AdamW([("weight", parameter)]));
            Assert.Contains("AdamW, parameter group 0: parameter 'weight' was made in inference mode", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parameter_that_was_turned_between_two_steps_is_refused(string name)
    {
        foreach (var backend in new[] { Backend.Auto, Backend.TorchSharp })
        {
            using var problem = new Problem(ScalarType.Float32, 1, [4], [4, 3]);
            using var optimizer = Make(name, problem);
            optimizer.Backend = backend;
            for (var step = 0; step < 3; step++)
            {
                problem.SetGradients(step);
                optimizer.step();
            }

            var parameter = problem.Parameters[1];
            using (no_grad())
                parameter.set_(parameter.detach().view(3, 4));
            problem.SetGradients(3);
            var before = new Everything(optimizer, problem);
            var refusal = Assert.Throws<InvalidOperationException>(() => optimizer.step());
            Assert.Contains("parameter 1 of group 0 has shape [3, 4] now, and its state is for shape [4, 3]", refusal.Message, StringComparison.Ordinal);
            Everything.AssertSame(before, new Everything(optimizer, problem), backend.ToString());
        }
    }

    [Fact]
    public void A_gradient_that_was_turned_between_two_steps_is_refused()
    {
        using var parameter = new Parameter(ones(4, 3)) { grad = ones(4, 3) };
        using var optimizer = new AdamW([parameter]);
        optimizer.step();
        optimizer.step();
        parameter.grad = parameter.grad!.view(3, 4);
        Assert.Contains("has shape [3, 4], the parameter [4, 3]", Assert.Throws<InvalidOperationException>(() => optimizer.step()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_that_is_not_where_the_parameter_is_is_refused()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4]);
        using var optimizer = new AdamW(problem.Parameters);
        problem.SetGradients(0);
        optimizer.to(new Device(DeviceType.META));
        Assert.Contains("parameter 0 of group 0 is on cpu, and its state on meta", Assert.Throws<InvalidOperationException>(() => optimizer.step()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_whose_elements_share_memory_is_refused()
    {
        using var row = randn(1, 3);
        (string What, Func<Tensor> Make)[] shared =
        [
            ("expanded", () => row.expand(4, 3)),
            ("a window over a row", () => row.as_strided([2, 2], [1, 1])),
            ("a number", () => row.as_strided([2], [0])),
        ];
        foreach (var (what, make) in shared)
        {
            using var parameter = new Parameter(make());
            Assert.Contains("has elements that share memory", Record.Exception(() => new AdamW([parameter]))?.Message ?? what, StringComparison.Ordinal);
        }

        using var matrix = randn(6, 6);
        foreach (var apart in new[] { matrix.t(), matrix.narrow(1, 1, 3), matrix.as_strided([2, 3], [3, 2]), matrix.as_strided([3, 1, 2], [12, 0, 3]) })
        {
            using var parameter = new Parameter(apart);
            using var optimizer = new AdamW([parameter]);
        }
    }

    [Fact]
    public void Parameters_that_share_memory_are_refused_and_parts_of_one_tensor_are_not()
    {
        using var matrix = randn(4, 6);
        (Tensor, Tensor)[] shared =
        [
            (matrix, matrix.view(6, 4)),
            (matrix.narrow(0, 0, 2), matrix.narrow(0, 1, 2)),
            (matrix.narrow(1, 0, 3), matrix.narrow(1, 2, 3)),
            (matrix.t(), matrix.select(0, 3)),
        ];
        foreach (var (a, b) in shared)
        {
            using var first = new Parameter(a.alias());
            using var second = new Parameter(b.alias());
            using var other = new Parameter(randn(3));
            Assert.Contains("parameter 'b' shares memory with parameter 'a'", Assert.Throws<ArgumentException>(() => new AdamW([("a", first), ("other", other), ("b", second)])).Message, StringComparison.Ordinal);
            using var optimizer = new AdamW([first, other]);
            Assert.Contains("shares memory with parameter 0 of group 0", Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new AdamW.ParamGroup([second]))).Message, StringComparison.Ordinal);
            Assert.Single(optimizer.ParamGroups);
        }

        (Tensor, Tensor)[] apart =
        [
            (matrix.narrow(0, 0, 2), matrix.narrow(0, 2, 2)),
            (matrix.narrow(1, 0, 3), matrix.narrow(1, 3, 3)),
            (matrix.select(1, 0), matrix.select(1, 5)),
            (matrix, matrix.narrow(0, 1, 0)),
        ];
        foreach (var (a, b) in apart)
        {
            using var first = new Parameter(a.alias());
            using var second = new Parameter(b.alias());
            using var optimizer = new AdamW([first, second]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hyperparameter_out_of_its_range_is_refused_whenever_it_is_set(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4, 3], [4]);
        using var optimizer = Make(name, problem);
        var options = optimizer.state_dict().Options.Cast<DeclaredOptions>().Single();
        problem.SetGradients(0);
        optimizer.step();
        var before = new Everything(optimizer, problem);
        for (var i = 0; i < options.Hyperparameters.Count; i++)
        {
            var h = options.Hyperparameters[i];
            foreach (var value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, h.Minimum - 1, h.Maximum + 1, h.ExcludesMaximum ? h.Maximum : double.NaN, h.IsInteger ? h.Minimum + 0.5 : double.NaN })
            {
                if (h.Allows(value))
                    continue;
                var known = options[i];
                var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => options[i] = value);
                Assert.Contains($"{name}, parameter group 0: {h.Name} is {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}, which is not in {h.Range}.", refusal.Message, StringComparison.Ordinal);
                Assert.Equal(known, options[i]);
            }

            Assert.Throws<ArgumentNullException>(() => options[i] = null);
        }

        options.LearningRate = double.NaN;
        Assert.Contains($"{name}, parameter group 0: lr is NaN, which is not in", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.step()).Message, StringComparison.Ordinal);
        Everything.AssertSame(before, new Everything(optimizer, problem), "nothing has changed");
    }

    [Fact]
    public void A_scheduler_that_sets_a_hyperparameter_out_of_its_range_is_refused()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4]);
        using var adam = new AdamW(problem.Parameters);
        var refusal = Record.Exception(() =>
        {
            var scheduler = optim.lr_scheduler.OneCycleLR(adam, 0.01, total_steps: 10, max_momentum: 1.0);
            for (var t = 0; t < 10; t++)
            {
                problem.SetGradients(t);
                adam.step();
                scheduler.step();
            }
        });
        Assert.Contains("AdamW, parameter group 0: beta1 is 1, which is not in [0, 1)", Assert.IsType<ArgumentOutOfRangeException>(refusal).Message, StringComparison.Ordinal);
        using var sgd = new SgdMomentum(problem.Parameters);
        Assert.Throws<ArgumentOutOfRangeException>(() => sgd.Momentum = double.NaN);
    }

    [Theory]
    [InlineData(0.5, double.NaN)]
    [InlineData(0.5, 1.0)]
    [InlineData(-1.0, 0.5)]
    public void Of_two_betas_both_are_set_or_neither(double first, double second)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4], [3]);
        using var optimizer = new AdamW([new AdamW.ParamGroup(problem.Parameters[..1]), new AdamW.ParamGroup(problem.Parameters[1..], beta2: 0.99)]);
        var groups = optimizer.ParamGroups.Cast<AdamW.ParamGroup>().ToList();
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Betas = (first, second));
        Assert.Throws<ArgumentOutOfRangeException>(() => groups[1].Betas = (first, second));
        Assert.Equal([(0.9, 0.999), (0.9, 0.999), (0.9, 0.99)], [optimizer.Betas, groups[0].Betas, groups[1].Betas]);

        groups[1].Betas = (0.6, 0.7);
        Assert.Equal([(0.9, 0.999), (0.9, 0.999), (0.6, 0.7)], [optimizer.Betas, groups[0].Betas, groups[1].Betas]);
        optimizer.Betas = (0.3, 0.4);
        Assert.Equal([(0.3, 0.4), (0.3, 0.4), (0.3, 0.4)], [optimizer.Betas, groups[0].Betas, groups[1].Betas]);
    }

    [Fact]
    public void Options_in_use_take_other_options_as_a_whole_or_not_at_all()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4]);
        using var optimizer = new AdamW(problem.Parameters, lr: 0.1);
        var options = optimizer.ParamGroups.Cast<AdamW.ParamGroup>().Single().Options;
        AdamW.Options[] refused =
        [
            new() { LearningRate = 0.2, beta1 = 0.5, beta2 = 0.5, eps = 0 },
            new() { LearningRate = 0.2, beta1 = 0.5, beta2 = 0.5, eps = 0, weight_decay = -1, maximize = false },
            new() { LearningRate = 0.2, beta1 = 0.5, beta2 = 0.5, eps = 0, weight_decay = 0 },
        ];
        foreach (var other in refused)
        {
            Assert.ThrowsAny<ArgumentException>(() => options.LoadStateDict(other));
            Assert.Equal((0.1, 0.9, 0.999, 0.01), (options.LearningRate, options.beta1, options.beta2, options.weight_decay));
        }

        options.LoadStateDict(new AdamW.Options { LearningRate = 0.2, beta1 = 0.5, beta2 = 0.6, eps = 0, weight_decay = 0.7, maximize = true });
        Assert.Equal((0.2, 0.5, 0.6, 0.7, true), (options.LearningRate, options.beta1, options.beta2, options.weight_decay, options.maximize));
    }

    [Fact]
    public void Options_in_two_groups_keep_their_own_ranges_and_a_value_that_is_allowed_is_taken()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4], [3]);
        using var optimizer = new AdamW([new AdamW.ParamGroup(problem.Parameters[..1]), new AdamW.ParamGroup(problem.Parameters[1..], new AdamW.Options { beta2 = 0.99 })]);
        var options = optimizer.ParamGroups.Cast<AdamW.ParamGroup>().Last().Options;
        Assert.Contains("AdamW, parameter group 1: beta2 is 1,", Assert.Throws<ArgumentOutOfRangeException>(() => options.beta2 = 1).Message, StringComparison.Ordinal);
        options.beta2 = 0.5;
        Assert.Equal(0.5, options.beta2);
    }

    /// <summary>libtorch would throw through a raw call; these end in an exception, or are not made.</summary>
    [Fact]
    public void Raw_calls_are_not_made_where_libtorch_would_throw()
    {
        using var scope = NewDisposeScope();
        Tensor made;
        using (inference_mode())
            made = ones(3);
        TorchNative.BumpVersion(made.Handle);
        Assert.True(TorchNative.IsInference(made.Handle));
        Assert.False(TorchNative.IsInference(ones(3).Handle));
        Assert.ThrowsAny<Exception>(() => TensorLists.Copy([zeros(3)], [zeros(4)]));
        Assert.ThrowsAny<Exception>(() => TensorLists.Copy([made], [zeros(3)]));
        var (strided, target) = (zeros(3, 4).t(), zeros(4, 3));
        TensorLists.Copy([target, strided], [ones(4, 3), ones(4, 3)]);
        Assert.Equal(24, (target + strided).sum().item<float>());
    }

    private static DeclaredOptimizer Make(string name, Problem problem) => Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());

    private static MemoryStream Saved(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4, 3], [4]);
        using var optimizer = Make(name, problem);
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            optimizer.save_state_dict(writer);
        stream.Position = 0;
        return stream;
    }
}
