using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>A layer in a chain of layers.</summary>
/// <param name="Weight">[out, in] of a linear layer, [out, in, ...] of a convolution, or [out, in · positions] of a linear layer after a flattened convolution.</param>
/// <param name="PerUnit">Whatever else has one number per output: the bias, a norm's scale and shift. May be empty.</param>
public sealed record ChainLayer(Tensor Weight, params IReadOnlyList<Tensor> PerUnit);

/// <summary>
/// Weight matching: the order of a network's hidden units that brings its weights nearest to another network's, by solving an
/// assignment for one layer at a time until nothing moves.
/// </summary>
/// <remarks>
/// The network computes the same function in any order of its hidden units (or channels), so a straight line between two networks
/// makes sense only after matching. The chain's inputs and outputs stay in place. A transformer is matched block by block, its two
/// feed-forward layers being a chain. The result is a local optimum.
/// Source: Ainsworth, Hayase and Srinivasa, "Git Re-Basin", ICLR 2023.
/// </remarks>
public static class PermutationMatching
{
    private const int MostRounds = 100;

    /// <summary>Finds the permutations: entry l holds, for each output of layer l of <paramref name="reference"/>, the output of <paramref name="network"/> that matches it.</summary>
    /// <param name="reference">The layers that stay as they are.</param>
    /// <param name="network">The layers of the same shapes whose units are to be reordered.</param>
    /// <param name="seed">Seed of the order in which layers are visited.</param>
    /// <returns>One permutation per hidden layer: one fewer than there are layers.</returns>
    /// <exception cref="ArgumentException">Shapes that differ or do not form a chain, or weights that are not finite.</exception>
    public static int[][] Match(IReadOnlyList<ChainLayer> reference, IReadOnlyList<ChainLayer> network, int seed = 0)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var a = Layers(reference);
        var b = Layers(network);
        Require(a, b);

        var hidden = a.Length - 1;
        var permutations = Enumerable.Range(0, hidden).Select(l => Enumerable.Range(0, (int)a[l].Weight.shape[0]).ToArray()).ToArray();
        var random = new Random(seed);
        for (var round = 0; round < MostRounds; round++)
        {
            var moved = false;
            var order = Enumerable.Range(0, hidden).ToArray();
            random.Shuffle(order);
            foreach (var l in order)
            {
                using var inner = NewDisposeScope();
                var gain = Gain(a, b, permutations, l);
                var found = LinearAssignment.Maximize(gain);

                // Only a real gain counts as a move, or ties could circle for ever.
                if (Total(gain, found) <= Total(gain, permutations[l]) + (1e-9 * Math.Abs(Total(gain, found))))
                    continue;
                permutations[l] = found;
                moved = true;
            }

            if (!moved)
                break;
        }

        return permutations;
    }

    /// <summary>The network's layers in the matched order; the tensors are new and the caller's to dispose.</summary>
    public static IReadOnlyList<ChainLayer> Apply(IReadOnlyList<ChainLayer> network, int[][] permutations)
    {
        using var noGradient = no_grad();
        var result = new List<ChainLayer>();
        for (var l = 0; l < network.Count; l++)
        {
            using var scope = NewDisposeScope();
            var outputs = l < permutations.Length ? permutations[l] : null;
            var inputs = l > 0 ? permutations[l - 1] : null;
            var weight = Reorder(View(network[l].Weight.detach(), inputs?.Length), outputs, inputs).reshape(network[l].Weight.shape);
            if (weight.Handle == network[l].Weight.Handle || outputs is null)
                weight = weight.clone();
            result.Add(new(weight.MoveToOuterDisposeScope(), [.. network[l].PerUnit.Select(v =>
                (outputs is null ? v.detach().clone() : v.detach().index_select(0, Index(outputs, v.device))).MoveToOuterDisposeScope())]));
        }

        return result;
    }

    private static (Tensor Weight, Tensor[] PerUnit)[] Layers(IReadOnlyList<ChainLayer> chain)
    {
        var layers = new (Tensor, Tensor[])[chain.Count];
        for (var l = 0; l < chain.Count; l++)
        {
            int? inputs = l == 0 ? null : (int)chain[l - 1].Weight.shape[0];
            if (chain[l].Weight.dim() < 2 || (inputs is { } k && chain[l].Weight.numel() / chain[l].Weight.shape[0] % k != 0))
                throw new ArgumentException($"Layer {l} with weights [{string.Join(", ", chain[l].Weight.shape)}] cannot follow a layer with {inputs} outputs.");
            layers[l] = (View(chain[l].Weight.detach().to(ScalarType.Float64, CPU), inputs), [.. chain[l].PerUnit.Select(v => v.detach().to(ScalarType.Float64, CPU))]);
            if (!isfinite(layers[l].Item1).all().Truth())
                throw new ArgumentException($"The weights of layer {l} are not finite; a diverged network cannot be matched.");
        }

        return layers;
    }

    private static void Require((Tensor Weight, Tensor[] PerUnit)[] a, (Tensor Weight, Tensor[] PerUnit)[] b)
    {
        if (a.Length != b.Length || a.Length == 0)
            throw new ArgumentException($"Expected two chains of the same layers, got {a.Length} and {b.Length} layers.");
        for (var l = 0; l < a.Length; l++)
        {
            if (!a[l].Weight.shape.SequenceEqual(b[l].Weight.shape) || a[l].PerUnit.Length != b[l].PerUnit.Length)
                throw new ArgumentException($"Layer {l} differs between the two chains.");
        }
    }

    /// <summary>[outputs, inputs, positions]: the middle dimension is what the previous layer's permutation acts on.</summary>
    private static Tensor View(Tensor weight, int? inputs) => weight.reshape(weight.shape[0], inputs ?? weight.shape[1], -1);

    private static double[,] Gain((Tensor Weight, Tensor[] PerUnit)[] a, (Tensor Weight, Tensor[] PerUnit)[] b, int[][] permutations, int l)
    {
        var n = a[l].Weight.shape[0];
        var before = Reorder(b[l].Weight, null, l > 0 ? permutations[l - 1] : null);
        var after = Reorder(b[l + 1].Weight, l + 1 < permutations.Length ? permutations[l + 1] : null, null);
        var gain = a[l].Weight.flatten(1).matmul(before.flatten(1).t())
            .Plus(a[l + 1].Weight.transpose(0, 1).flatten(1).matmul(after.transpose(0, 1).flatten(1).t()));
        foreach (var (u, v) in a[l].PerUnit.Zip(b[l].PerUnit))
            gain = gain.Plus(outer(u, v));

        var matrix = new double[n, n];
        Buffer.BlockCopy(Measure.Numbers(gain), 0, matrix, 0, (int)(n * n * sizeof(double)));
        return matrix;
    }

    private static double Total(double[,] gain, int[] assignment)
    {
        var total = 0.0;
        for (var i = 0; i < assignment.Length; i++)
            total += gain[i, assignment[i]];
        return total;
    }

    private static Tensor Reorder(Tensor weight, int[]? outputs, int[]? inputs)
    {
        if (outputs is not null)
            weight = weight.index_select(0, Index(outputs, weight.device));
        return inputs is null ? weight : weight.index_select(1, Index(inputs, weight.device));
    }

    private static Tensor Index(int[] permutation, Device device) => tensor(permutation.Select(i => (long)i).ToArray(), device: device);
}
