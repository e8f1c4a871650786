using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Gradients that a step leaves at zero, and numbers below the normal format.</summary>
public sealed class StepOptionsTests
{
    [Theory]
    [MemberData(nameof(Declared.Names), MemberType = typeof(Declared))]
    public void A_step_that_leaves_zeros_does_all_else_as_usual(string name)
    {
        foreach (var backend in new[] { Backend.Auto, Backend.TorchSharp })
        {
            using var plain = new Problem(ScalarType.Float32, 1, [12, 9], [9], [3, 0], [20_011]);
            using var zeroing = new Problem(ScalarType.Float32, 1, [12, 9], [9], [3, 0], [20_011]);

            // Factors of a vector of 20,011 are too large for a test.
            var count = name.Contains("Shampoo", StringComparison.Ordinal) ? 3 : 4;
            using var reference = Declared.Find(name).Create(plain.Parameters.Take(count).ToList(), new Dictionary<string, double>());
            using var optimizer = Declared.Find(name).Create(zeroing.Parameters.Take(count).ToList(), new Dictionary<string, double>());
            (reference.Backend, optimizer.Backend, optimizer.ZerosGradients) = (backend, backend, true);
            for (var step = 0; step < 4; step++)
            {
                plain.SetGradients(step);
                zeroing.SetGradients(step);
                var addresses = Addresses(zeroing);
                reference.step();
                optimizer.step();
                Assert.Equal(0, zeroing.DistanceTo(plain));
                Assert.Equal(addresses, Addresses(zeroing));
                Assert.All(zeroing.Parameters.Take(count), p => Assert.Equal(0, p.grad!.abs().sum().item<float>()));
            }
        }
    }

    [Theory]
    [InlineData(Backend.Fused)]
    [InlineData(Backend.TorchSharp)]
    public void A_gradient_that_shares_elements_is_taken_away_instead(Backend backend)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [6, 5], [5]);
        using var optimizer = new OptBias.Optimizers.AdamW(problem.Parameters) { Backend = backend, ZerosGradients = true };
        problem.SetGradients(0);
        problem.Parameters[0].grad = ones(1, 5).expand(6, 5);
        optimizer.step();
        Assert.Null(problem.Parameters[0].grad);
        Assert.Equal(0, problem.Parameters[1].grad!.abs().sum().item<float>());
    }

    /// <summary>The first pass that has used a gradient may not set it to zero while another parameter still needs it.</summary>
    [Theory]
    [InlineData("AdamW")]
    [InlineData("Lamb")]
    [InlineData("Muon")]
    [InlineData("Soap")]
    public void Parameters_that_share_a_gradient_all_see_it_before_it_is_zero(string name)
    {
        foreach (var backend in new[] { Backend.Auto, Backend.TorchSharp })
        {
            foreach (var maximize in new[] { false, true })
            {
                using var plain = new Problem(ScalarType.Float32, 1, [4, 3], [4, 3], [12], [2, 3]);
                using var zeroing = new Problem(ScalarType.Float32, 1, [4, 3], [4, 3], [12], [2, 3]);
                using var reference = Declared.Find(name).Create(plain.Parameters, new Dictionary<string, double>());
                using var optimizer = Declared.Find(name).Create(zeroing.Parameters, new Dictionary<string, double>());
                foreach (var options in new[] { reference, optimizer }.Select(o => (DeclaredOptions)o.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Single().Options))
                    options.maximize = maximize;
                (reference.Backend, optimizer.Backend, optimizer.ZerosGradients) = (backend, backend, true);

                // Shared from the second step on, so that places were remembered; the same tensor, a view of another shape, and a part.
                for (var step = 0; step < 4; step++)
                {
                    foreach (var problem in new[] { plain, zeroing })
                    {
                        problem.SetGradients(step);
                        if (step == 0)
                            continue;
                        var shared = problem.Parameters[0].grad!;
                        problem.Parameters[1].grad = shared;
                        problem.Parameters[2].grad = shared.view(12);
                        problem.Parameters[3].grad = shared.narrow(0, 2, 2);
                    }

                    reference.step();
                    optimizer.step();
                    Assert.Equal(0, zeroing.DistanceTo(plain));
                    Assert.All(zeroing.Parameters, p => Assert.Equal(0, p.grad?.abs().sum().item<float>() ?? 0));
                }
            }
        }
    }

    [Fact]
    public void Gradients_that_share_memory_are_found_in_any_order_and_when_they_move()
    {
        var places = new Kernels.GradientPlaces();
        Assert.False(Share((100, 4), (104, 4), (96, 4)));
        Assert.False(Share((96, 4), (100, 4), (104, 4)));
        Assert.True(Share((96, 5), (104, 4), (100, 4)));
        Assert.True(Share((100, 4), (104, 4), (100, 4)));
        Assert.False(Share((100, 4), (104, 0), (104, 4)));
        Assert.True(Share((100, 12), (200, 4), (104, 4)));
        Assert.False(Share());
        Assert.False(Share((100, 4)));
        Assert.True(Share([.. Enumerable.Range(0, 40).Select(i => ((nint)(1000 - (8 * i)), (nint)(i == 20 ? 9 : 8)))]));
        Assert.False(Share([.. Enumerable.Range(0, 40).Select(i => ((nint)(1000 - (8 * i)), (nint)8))]));

        bool Share(params (nint Start, nint Bytes)[] gradients)
        {
            places.Clear();
            foreach (var (start, bytes) in gradients)
                places.Add(start, bytes);
            return places.Share();
        }
    }

    [Fact]
    public void An_ascending_step_leaves_zeros_too()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [6, 5]);
        using var optimizer = new OptBias.Optimizers.AdamW(problem.Parameters, maximize: true) { ZerosGradients = true };
        problem.SetGradients(0);
        optimizer.step();
        Assert.Equal(0, problem.Parameters[0].grad!.abs().sum().item<float>());
    }

    [Fact]
    public void A_backward_pass_through_a_gradient_that_was_set_to_zero_is_refused()
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float32, 1, [6, 5]);
        using var optimizer = new OptBias.Optimizers.AdamW(problem.Parameters) { Backend = Backend.Fused, ZerosGradients = true };
        problem.SetGradients(0);
        var weight = ones(6, 5, requires_grad: true);
        var loss = (weight * problem.Parameters[0].grad!).sum();
        optimizer.step();
        Assert.ThrowsAny<Exception>(() => loss.backward());
    }

    [Fact]
    public void Decaying_momentum_ends_at_zero_and_parameters_do_not_notice()
    {
        Assert.True(Denormals.CanFlush);
        var (kept, flushed) = (Decayed(false), Decayed(true));
        Assert.InRange(kept.Momentum, 1e-45, 1.2e-38);
        Assert.Equal(0, flushed.Momentum);
        Assert.Equal(kept.Parameters, flushed.Parameters);
        Assert.False(Denormals.AreFlushed);

        static (float Momentum, float[] Parameters) Decayed(bool flushes)
        {
            using var scope = NewDisposeScope();
            using var problem = new Problem(ScalarType.Float32, 1, [70_000]);
            using var optimizer = new OptBias.Optimizers.AdamW(problem.Parameters) { Backend = Backend.Fused, FlushesDenormals = flushes };
            problem.SetGradients(0);
            optimizer.step();
            problem.Parameters[0].grad!.zero_();
            for (var step = 0; step < 860; step++)
                optimizer.step();
            return (optimizer.States.Single().Tensors.First().Value.abs().max().item<float>(), problem.Parameters[0].data<float>().ToArray());
        }
    }

    [Fact]
    public void A_thread_that_flushed_before_goes_on_so()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [100]);
        using var optimizer = new OptBias.Optimizers.AdamW(problem.Parameters) { Backend = Backend.Fused, FlushesDenormals = true };
        problem.SetGradients(0);
        Denormals.Flush(true);
        try
        {
            optimizer.step();
            Assert.True(Denormals.AreFlushed);
        }
        finally
        {
            Denormals.Flush(false);
        }

        optimizer.step();
        Assert.False(Denormals.AreFlushed);
    }

    private static nint[] Addresses(Problem problem) => problem.Parameters.Select(p => TorchNative.Data(p.grad!.Handle)).ToArray();
}
