using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>
/// Fused steps remember from step to step where tensors are. Whatever a user does to parameters and gradients between two
/// steps, they do what TorchSharp operations, which remember nothing, do.
/// </summary>
public sealed class RememberedPlacesTests
{
    private static readonly long[][] Shapes = [[7], [3, 5], [40], [2, 3, 4], [1]];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_between_two_steps(int seed)
    {
        var random = new Random(seed);
        using var scope = NewDisposeScope();
        using var fused = new Side(seed, Backend.Auto);
        using var plain = new Side(seed, Backend.TorchSharp);
        var happened = new List<string>();
        for (var step = 0; step < 150; step++)
        {
            for (var k = 0; k < Shapes.Length; k++)
            {
                var (number, noise) = (k, random.Next());
                var what = Events[random.Next(Events.Length)];
                happened.Add($"step {step}, parameter {k}: {what.Name}");
                what.Do(fused, number, noise);
                what.Do(plain, number, noise);
            }

            if (random.Next(10) == 0)
                fused.Optimizer.Backend = fused.Optimizer.Backend == Backend.Auto ? Backend.TorchSharp : Backend.Auto;
            fused.Optimizer.step();
            plain.Optimizer.step();
            for (var k = 0; k < Shapes.Length; k++)
            {
                using var difference = (fused.Parameters[k] - plain.Parameters[k]).abs().max();
                Assert.True(difference.item<double>() < 1e-11, $"{difference.item<double>():E1} apart after {string.Join("; ", happened.TakeLast(2 * Shapes.Length))}.");
            }
        }
    }

    [Fact]
    public void An_exponent_that_changes_between_two_steps()
    {
        using var fused = new Parameter(Noise([40], 1));
        using var plain = new Parameter(Noise([40], 1));
        using var one = new PowerPropSgd([fused], lr: 0.01);
        using var other = new PowerPropSgd([plain], lr: 0.01) { Backend = Backend.TorchSharp };
        foreach (var (alpha, step) in new[] { 2.0, 2, 3, 3, 2, 1, 1.7, 2 }.Select((alpha, step) => (alpha, step)))
        {
            foreach (var (optimizer, parameter) in new[] { (one, fused), (other, plain) })
            {
                ((PowerPropSgd.Options)optimizer.ParamGroups.Cast<PowerPropSgd.ParamGroup>().Single().Options).alpha = alpha;
                if (step % 3 == 0)
                    parameter.grad = Noise([40], step);
                optimizer.step();
            }

            using var difference = (fused - plain).abs().max();
            Assert.True(difference.item<double>() < 1e-12, $"{difference.item<double>():E1} apart in step {step}, at an exponent of {alpha}.");
        }
    }

    private static readonly (string Name, Action<Side, int, int> Do)[] Events =
    [
        ("the gradient's numbers change", (side, k, noise) =>
        {
            using var gradient = side.Parameters[k].grad;
            if (gradient is not null && gradient.is_contiguous())
                gradient.copy_(Noise(Shapes[k], noise));
        }),
        ("the gradient stays", (_, _, _) => { }),
        ("a new gradient", (side, k, noise) => side.Parameters[k].grad = Noise(Shapes[k], noise)),
        ("a new gradient, transposed", (side, k, noise) => side.Parameters[k].grad = Noise(Shapes[k].Reverse().ToArray(), noise).permute(Enumerable.Range(0, Shapes[k].Length).Reverse().Select(d => (long)d).ToArray())),
        ("a new gradient, one number for all", (side, k, noise) => side.Parameters[k].grad = Noise([1], noise).expand(Shapes[k])),
        ("no gradient", (side, k, _) => side.Parameters[k].grad = null),
        ("the parameter's numbers are elsewhere", (side, k, noise) =>
        {
            using var off = no_grad();
            side.Parameters[k].set_(Noise(Shapes[k], noise));
        }),
        ("the group's rate changes", (side, k, noise) => side.Optimizer.ParamGroups.ElementAt(k % 2).LearningRate = 1e-3 * (1 + (noise % 7))),
        ("the group ascends, or descends again", (side, k, noise) => ((DeclaredOptions)((AdamW)side.Optimizer).ParamGroups.Cast<AdamW.ParamGroup>().ElementAt(k % 2).Options).maximize = noise % 2 == 0),
    ];

    private static Tensor Noise(long[] shape, int seed) => randn(shape, ScalarType.Float64, generator: new Generator((ulong)seed));

    private sealed class Side : IDisposable
    {
        public Side(int seed, Backend backend)
        {
            this.Parameters = Shapes.Select((shape, k) => new Parameter(Noise(shape, seed + k))).ToArray();

            // One that fused kernels do not take, between those that they do.
            this.Parameters[1].Dispose();
            this.Parameters[1] = new Parameter(Noise([5, 3], seed).transpose(0, 1));
            this.Optimizer = new AdamW(
                [new AdamW.ParamGroup(this.Parameters.Where((_, k) => k % 2 == 0)), new AdamW.ParamGroup(this.Parameters.Where((_, k) => k % 2 == 1), new AdamW.Options { LearningRate = 5e-3 })])
            {
                Backend = backend,
            };
        }

        public Parameter[] Parameters { get; }

        public AdamW Optimizer { get; }

        public void Dispose()
        {
            this.Optimizer.Dispose();
            foreach (var parameter in this.Parameters)
                parameter.Dispose();
        }
    }
}
