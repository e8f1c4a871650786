using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>A generated optimizer is used as TorchSharp's own are.</summary>
public sealed class UsageTests
{
    [Fact]
    public void A_scheduler_turns_the_learning_rate()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3]);
        using var optimizer = new Sgd(problem.Parameters, lr: 1.0);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, step_size: 1, gamma: 0.5);
        var gradient = torch.ones(3, dtype: ScalarType.Float64);
        var before = problem.Parameters[0].clone();
        problem.Parameters[0].grad = gradient;
        optimizer.step();
        scheduler.step();
        optimizer.step();
        Assert.True((before - 1.5).allclose(problem.Parameters[0].detach()));
    }

    [Fact]
    public void A_cyclic_scheduler_turns_the_betas_too()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3]);
        using var optimizer = new AdamW(problem.Parameters, lr: 0.1);
        var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr: 0.1, total_steps: 10, cycle_momentum: true);
        var betas = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            problem.SetGradients(i);
            optimizer.step();
            scheduler.step();
            betas.Add(((AdamW.ParamGroup)optimizer.ParamGroups.First()).Betas.Item1);
        }

        Assert.True(betas.Distinct().Count() > 1);
    }

    [Fact]
    public void A_closure_is_evaluated_with_gradients_and_its_loss_returned()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3]);
        using var optimizer = new AdamW(problem.Parameters, lr: 0.1);
        using var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var value = problem.Parameters[0].square().sum();
            value.backward();
            return value;
        });
        Assert.NotNull(loss);
        using var after = problem.Parameters[0].square().sum();
        Assert.True(after.item<double>() < loss.item<double>());
    }

    [Fact]
    public void A_group_overrides_what_it_names_and_takes_the_rest_from_the_optimizer()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3], [4]);
        using var optimizer = new AdamW(
            [
                new AdamW.ParamGroup([problem.Parameters[0]]),
                new AdamW.ParamGroup([problem.Parameters[1]], new AdamW.Options { LearningRate = 0.5, weight_decay = 0 }),
            ],
            lr: 0.1, weight_decay: 0.2);
        var options = optimizer.ParamGroups.Cast<AdamW.ParamGroup>().Select(g => g.Options).ToList();
        Assert.Equal((0.1, 0.2, 0.9), (options[0].LearningRate, options[0].weight_decay, options[0].beta1));
        Assert.Equal((0.5, 0.0, 0.9), (options[1].LearningRate, options[1].weight_decay, options[1].beta1));

        using var alone = new Problem(ScalarType.Float64, 1, [3], [4]);
        using var reference = new AdamW([alone.Parameters[1]], lr: 0.5, weight_decay: 0);
        for (var step = 0; step < 5; step++)
        {
            problem.SetGradients(step);
            alone.SetGradients(step);
            optimizer.step();
            reference.step();
        }

        Assert.True(problem.Parameters[1].allclose(alone.Parameters[1], 0, 1e-14));
    }

    [Fact]
    public void A_group_added_later_is_trained()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3], [4]);
        using var optimizer = new Sgd([problem.Parameters[0]], lr: 0.1);
        optimizer.add_param_group(new Sgd.ParamGroup([problem.Parameters[1]]));
        using var before = problem.Parameters[1].clone();
        problem.SetGradients(0);
        optimizer.step();
        Assert.False(before.allclose(problem.Parameters[1]));
    }

    [Fact]
    public void Maximizing_is_minimizing_the_opposite_and_still_decays()
    {
        using var up = new Problem(ScalarType.Float64, 1, [5]);
        using var down = new Problem(ScalarType.Float64, 1, [5]);
        using var ascent = new SgdMomentum(up.Parameters, lr: 0.1, weight_decay: 0.3, maximize: true);
        using var descent = new SgdMomentum(down.Parameters, lr: 0.1, weight_decay: 0.3);
        for (var step = 0; step < 4; step++)
        {
            up.SetGradients(step);
            down.SetGradients(step, g => -g);
            ascent.step();
            descent.step();
        }

        Assert.Equal(0, up.DistanceTo(down));
    }

    [Theory]
    [InlineData(Backend.Fused)]
    [InlineData(Backend.TorchSharp)]
    public void A_parameter_without_gradient_keeps_its_value_state_and_step(Backend backend)
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3], [4]);
        using var optimizer = new AdamW(problem.Parameters) { Backend = backend };
        problem.SetGradients(0);
        problem.Parameters[1].grad = null;
        using var frozen = problem.Parameters[1].clone();
        optimizer.step();
        var states = optimizer.States.ToList();
        Assert.Equal((1, 0), (states[0].Step, states[1].Step));
        Assert.True(frozen.allclose(problem.Parameters[1], 0, 0));
        Assert.All(states[1].Tensors, t => Assert.Equal(0, t.Value.abs().max().item<double>()));
    }

    [Theory]
    [InlineData("AdamW")]
    [InlineData("Shampoo")]
    [InlineData("SgdMomentum")]
    public void State_travels_through_a_stream_and_training_goes_on_as_before(string name)
    {
        using var one = new Problem(ScalarType.Float64, 1, [3], [4, 5]);
        using var optimizer = Declared.Find(name).Create(one.Parameters, new Dictionary<string, double> { ["lr"] = 0.01 });
        for (var step = 0; step < 7; step++)
        {
            one.SetGradients(step);
            optimizer.step();
        }

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            optimizer.save_state_dict(writer);

        using var two = new Problem(ScalarType.Float64, 1, [3], [4, 5]);
        using (no_grad())
        {
            for (var i = 0; i < two.Parameters.Count; i++)
                two.Parameters[i].copy_(one.Parameters[i]);
        }

        using var restored = Declared.Find(name).Create(two.Parameters, new Dictionary<string, double> { ["lr"] = 0.5 });
        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
            restored.load_state_dict(reader);
        Assert.All(optimizer.States.Zip(restored.States), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));

        for (var step = 7; step < 12; step++)
        {
            one.SetGradients(step);
            two.SetGradients(step);
            optimizer.step();
            restored.step();
        }

        Assert.Equal(0, one.DistanceTo(two));
    }

    [Fact]
    public void State_is_copied_from_another_optimizer()
    {
        using var one = new Problem(ScalarType.Float64, 1, [3]);
        using var two = new Problem(ScalarType.Float64, 1, [3]);
        using var first = new Shampoo(one.Parameters);
        using var second = new Shampoo(two.Parameters);
        one.SetGradients(0);
        first.step();
        second.load_state_dict(first.state_dict());
        Assert.True(first.States.Single().ApproximatelyEquals(second.States.Single()));
        Assert.Equal(1, second.States.Single().Step);
    }

    [Fact]
    public void State_of_another_optimizer_is_refused()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3]);
        using var adam = new Adam(problem.Parameters);
        using var sgd = new SgdMomentum(problem.Parameters);
        Assert.Throws<ArgumentException>(() => sgd.load_state_dict(adam.state_dict()));
    }

    [Fact]
    public void Zero_grad_leaves_nothing_to_step_on()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3]);
        using var optimizer = new Sgd(problem.Parameters, lr: 0.1);
        problem.SetGradients(0);
        optimizer.zero_grad();
        using var before = problem.Parameters[0].clone();
        optimizer.step();
        Assert.True(before.allclose(problem.Parameters[0], 0, 0));
    }

    [Fact]
    public void Autograd_sees_that_a_parameter_was_overwritten()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [3]);
        using var optimizer = new Sgd(problem.Parameters, lr: 0.1) { Backend = Backend.Fused };
        using var loss = problem.Parameters[0].square().sum();
        problem.SetGradients(0);
        optimizer.step();
        var exception = Assert.ThrowsAny<Exception>(() => loss.backward());
        Assert.Contains("modified by an inplace operation", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_outlives_the_dispose_scope_in_which_it_was_made()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [3]);
        DeclaredOptimizer optimizer;
        using (NewDisposeScope())
        {
            optimizer = new Shampoo(problem.Parameters);
            problem.SetGradients(0);
            foreach (var parameter in problem.Parameters)
                parameter.grad!.DetachFromDisposeScope();
            optimizer.step();
        }

        problem.SetGradients(1);
        optimizer.step();
        Assert.Equal(2, optimizer.States.Single().Step);
        optimizer.Dispose();
    }

    [Fact]
    public void Zero_grad_takes_gradients_away_unless_told_otherwise()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4, 3], [3]);
        using var optimizer = Declared.Find("AdamW").Create(problem.Parameters, new Dictionary<string, double>());
        problem.SetGradients(0);
        optimizer.zero_grad(set_to_none: false);
        Assert.All(problem.Parameters, p =>
        {
            using var gradient = p.grad;
            using var largest = gradient!.abs().max();
            Assert.Equal(0, largest.item<float>());
        });
        optimizer.zero_grad();
        Assert.All(problem.Parameters, p => Assert.Null(p.grad));
        optimizer.step();
        Assert.All(optimizer.States, state => Assert.Equal(0, state.Step));
    }
}
