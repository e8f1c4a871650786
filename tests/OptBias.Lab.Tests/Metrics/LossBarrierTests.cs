using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class LossBarrierTests
{
    [Fact]
    public void The_barrier_is_the_height_above_the_chord()
    {
        // L = 1 + alpha + 4 alpha (1 - alpha): the chord is 1 + alpha, the hump is 1 at one half.
        Assert.Equal(1, LossBarrier.Of(alpha => 1 + alpha + (4 * alpha * (1 - alpha))), 12);
        Assert.Equal(0, LossBarrier.Of(alpha => (alpha - 0.5) * (alpha - 0.5)), 12);
    }

    [Fact]
    public void Divergence_at_an_end_and_inside_differ()
    {
        Assert.True(double.IsNaN(LossBarrier.Of(alpha => alpha == 1 ? double.NaN : 1)));
        Assert.Equal(double.PositiveInfinity, LossBarrier.Of(alpha => alpha is > 0.4 and < 0.6 ? double.NaN : 1));
    }

    [Fact]
    public void A_model_has_its_own_parameters_again()
    {
        using var scope = NewDisposeScope();
        var parameter = tensor(new[] { 7.0 }).requires_grad_();
        var visited = new List<double>();
        LossBarrier.Between([parameter], [tensor(new[] { 0.0 })], [tensor(new[] { 2.0 })], () =>
        {
            visited.Add(parameter[0].ToDouble());
            return 1;
        }, points: 5);
        Assert.Equal([0.0, 2, 0.5, 1, 1.5], visited);
        Assert.Equal(7, parameter[0].ToDouble());
    }

    [Fact]
    public void The_assignment_is_the_best_of_all_permutations()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 50; trial++)
        {
            var n = 1 + (trial % 7);
            var gain = new double[n, n];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                    gain[i, j] = trial % 3 == 0 ? random.Next(4) : random.NextDouble() - 0.5;
            }

            var found = LinearAssignment.Maximize(gain);
            Assert.Equal(n, found.Distinct().Count());
            Assert.Equal(Best(gain, 0, new bool[n]), found.Select((j, i) => gain[i, j]).Sum(), 9);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.05)]
    public void Numbers_are_assigned_in_their_order(double spread)
    {
        // Of −(x − y)² the best assignment pairs the k-th smallest with the k-th smallest; many equal numbers make many equal paths.
        var random = new Random(5);
        double[] Draw() => [.. Enumerable.Range(0, 300).Select(_ => Math.Round(spread * random.NextDouble(), 3))];
        var (x, y) = (Draw(), Draw());
        var gain = new double[x.Length, y.Length];
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < y.Length; j++)
                gain[i, j] = -Math.Pow(x[i] - y[j], 2);
        }

        var found = LinearAssignment.Maximize(gain);
        Assert.Equal(x.Length, found.Distinct().Count());
        Assert.Equal(x.Order().Zip(y.Order(), (a, b) => -Math.Pow(a - b, 2)).Sum(), found.Select((j, i) => gain[i, j]).Sum(), 9);
    }

    [Fact]
    public void Shuffled_units_of_a_network_are_found_again()
    {
        using var scope = NewDisposeScope();
        var network = Network(seed: 4);
        int[][] shuffle = [[2, 0, 3, 1, 5, 4], [1, 3, 0, 2, 4]];
        var shuffled = PermutationMatching.Apply(network, shuffle);
        var permutations = PermutationMatching.Match(network, shuffled);
        var aligned = PermutationMatching.Apply(shuffled, permutations);
        for (var l = 0; l < network.Count; l++)
        {
            Assert.Equal(0, (network[l].Weight - aligned[l].Weight).abs().max().ToDouble());
            Assert.All(network[l].PerUnit.Zip(aligned[l].PerUnit), pair => Assert.Equal(0, (pair.First - pair.Second).abs().max().ToDouble()));
        }
    }

    [Fact]
    public void A_reordered_network_computes_the_same_function()
    {
        using var scope = NewDisposeScope();
        var network = Network(seed: 6);
        var reordered = PermutationMatching.Apply(network, [[5, 4, 3, 2, 1, 0], [4, 0, 1, 3, 2]]);
        var images = Known.Gaussian(3, 2 * 4 * 4, seed: 7).reshape(3, 2, 4, 4);
        Assert.True(Forward(network, images).allclose(Forward(reordered, images), rtol: 1e-10));
        Assert.False(network[0].Weight.allclose(reordered[0].Weight));
    }

    [Fact]
    public void Chains_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("Layer 1", Assert.Throws<ArgumentException>(() => PermutationMatching.Match([new(ones(4, 3)), new(ones(2, 5))], [new(ones(4, 3)), new(ones(2, 5))])).Message);
        Assert.Throws<ArgumentException>(() => PermutationMatching.Match([new(ones(4, 3))], [new(full(new long[] { 4, 3 }, double.NaN))]));
    }

    /// <summary>A convolution, a linear layer on its flattened channels, and a head.</summary>
    private static IReadOnlyList<ChainLayer> Network(int seed) =>
    [
        new(Known.Gaussian(6, 2 * 9, seed).reshape(6, 2, 3, 3), Known.Gaussian(6, 1, seed + 1).flatten()),
        new(Known.Gaussian(5, 6 * 4, seed + 2), Known.Gaussian(5, 1, seed + 3).flatten()),
        new(Known.Gaussian(3, 5, seed + 4)),
    ];

    private static Tensor Forward(IReadOnlyList<ChainLayer> layers, Tensor images)
    {
        var h = nn.functional.relu(nn.functional.conv2d(images, layers[0].Weight, layers[0].PerUnit[0])).flatten(1);
        h = nn.functional.relu(h.matmul(layers[1].Weight.t()) + layers[1].PerUnit[0]);
        return h.matmul(layers[2].Weight.t());
    }

    private static double Best(double[,] gain, int row, bool[] taken)
    {
        if (row == taken.Length)
            return 0;
        var best = double.NegativeInfinity;
        for (var j = 0; j < taken.Length; j++)
        {
            if (taken[j])
                continue;
            taken[j] = true;
            best = Math.Max(best, gain[row, j] + Best(gain, row + 1, taken));
            taken[j] = false;
        }

        return best;
    }
}
