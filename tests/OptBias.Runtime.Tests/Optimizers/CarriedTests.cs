using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Numbers that a step hands to the next, against the same written out; in checkpoints, after a refused step, for a parameter that waits.</summary>
[Collection(Alone.Name)]
public sealed class CarriedTests
{
    private static readonly long[][] Shapes = [[6, 5], [40], [9000]];

    [Theory]
    [InlineData(Backend.Fused)]
    [InlineData(Backend.TorchSharp)]
    public void Prodigys_distance_is_estimated_from_all_parameters(Backend backend)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float64, 2, Shapes);
        using var optimizer = new EstimatedDistance(problem.Parameters, lr: 0.5) { Backend = backend };
        var theta = problem.Parameters.Select(p => p.detach().clone()).ToArray();
        var start = theta.Select(t => t.clone()).ToArray();
        var (m, v, s) = (theta.Select(t => zeros_like(t)).ToArray(), theta.Select(t => zeros_like(t)).ToArray(), theta.Select(t => zeros_like(t)).ToArray());
        var (d, numerator, decay) = (1e-3, 0.0, Math.Sqrt(0.999));
        for (var step = 1; step <= 12; step++)
        {
            problem.SetGradients(step);
            var g = problem.Parameters.Select(p => p.grad!.clone()).ToArray();
            var (aligned, size) = (0.0, 0.0);
            for (var k = 0; k < g.Length; k++)
            {
                aligned += (g[k] * (start[k] - theta[k])).sum().item<double>();
                m[k] = (0.9 * m[k]) + (0.1 * d * g[k]);
                v[k] = (0.999 * v[k]) + (0.001 * d * d * g[k] * g[k]);
                s[k] = (decay * s[k]) + ((1 - decay) * d * d * g[k]);
                size += s[k].abs().sum().item<double>();
            }

            numerator = (decay * numerator) + ((1 - decay) * d * d * aligned);
            d = Math.Max(d, numerator / size);
            for (var k = 0; k < g.Length; k++)
                theta[k] = theta[k] - (0.5 * d * m[k] / (v[k].sqrt() + (d * 1e-8)));
            optimizer.step();
        }

        for (var k = 0; k < theta.Length; k++)
            Assert.InRange((problem.Parameters[k] - theta[k]).abs().max().item<double>(), 0, 1e-12);
        Assert.All(optimizer.States, state => Assert.Equal(d, state.Tensors.Single(t => t.Name == "carried.d").Value.item<double>(), 1e-14));
    }

    [Fact]
    public void They_are_saved_and_loaded()
    {
        using var problem = new Problem(ScalarType.Float32, 2, Shapes);
        using var optimizer = new LargestNorm(problem.Parameters);
        Step(optimizer, problem, 0, 5);
        var path = Path.Combine(Directory.CreateTempSubdirectory("carried").FullName, "state.safetensors");
        try
        {
            optimizer.Save(path);
            using var loaded = new LargestNorm(Copies(problem));
            loaded.Load(path);
            Assert.Equal(Numbers(optimizer), Numbers(loaded));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }

        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        optimizer.save_state_dict(writer);
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        using var other = new LargestNorm(Copies(problem));
        other.load_state_dict(reader);
        Assert.Equal(Numbers(optimizer), Numbers(other));
        Assert.Equal(6, Numbers(other).Length);
        Assert.All(Numbers(other), number => Assert.True(number > 0));
    }

    [Fact]
    public void A_refused_step_hands_nothing_on_and_a_parameter_without_gradient_keeps_its_numbers()
    {
        using var problem = new Problem(ScalarType.Float32, 3, Shapes);
        using var optimizer = new LargestNorm(problem.Parameters);
        Step(optimizer, problem, 0, 3);
        var before = Numbers(optimizer);
        problem.SetGradients(3);
        problem.Parameters[0].grad![0, 0] = float.NaN;
        Assert.Throws<NonFiniteGradientException>(() => optimizer.step());
        Assert.Equal(before, Numbers(optimizer));

        problem.SetGradients(4);
        problem.Parameters[0].grad = null;
        problem.Parameters[1].grad!.mul_(100);
        optimizer.step();
        var after = Numbers(optimizer);
        Assert.Equal(before[..2], after[..2]);
        Assert.True(after[2] > before[2]);
    }

    private static List<TorchSharp.Modules.Parameter> Copies(Problem problem) => [.. problem.Parameters.Select(p => new TorchSharp.Modules.Parameter(p.detach().clone()))];

    private static double[] Numbers(DeclaredOptimizer optimizer) =>
        [.. optimizer.States.SelectMany(state => state.Tensors).Where(t => t.Name.StartsWith("carried.", StringComparison.Ordinal)).Select(t => t.Value.item<double>())];

    private static void Step(DeclaredOptimizer optimizer, Problem problem, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }
}
