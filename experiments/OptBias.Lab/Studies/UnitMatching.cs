using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>Reorders the hidden units of a network so that its weights are as near as can be to another's; what it computes stays the same.</summary>
public static class UnitMatching
{
    /// <summary>Reorders <paramref name="network"/> in place.</summary>
    /// <param name="reference">The network that stays as it is.</param>
    /// <param name="network">The network whose units are reordered.</param>
    /// <remarks>
    /// MLP and convolutional network are one chain from pixels to logits. In a transformer the residual stream ties the
    /// layers together; the units of each block's feed-forward pair are matched, the stream is left in place.
    /// </remarks>
    public static void Align(Network reference, Network network)
    {
        using var noGradient = no_grad();
        foreach (var (fixedChain, moved) in Chains(reference).Zip(Chains(network)))
        {
            using var scope = NewDisposeScope();
            var permutations = PermutationMatching.Match(fixedChain, moved);
            foreach (var (layer, matched) in moved.Zip(PermutationMatching.Apply(moved, permutations)))
            {
                layer.Weight.copy_(matched.Weight);
                foreach (var (own, ordered) in layer.PerUnit.Zip(matched.PerUnit))
                    own.copy_(ordered);
            }
        }
    }

    private static IEnumerable<IReadOnlyList<ChainLayer>> Chains(Network network)
    {
        var byName = network.Parameters().ToDictionary(p => p.Name, p => (Tensor)p.Parameter);
        string[] layers = [.. network.Parameters().Where(p => p.Role != ParameterRole.Bias).Select(p => p.Name[..^".weight".Length])];
        if (network is not VisionTransformer)
            return [[.. layers.Select(Layer)]];
        return layers.Where(l => l.EndsWith(".expand", StringComparison.Ordinal))
            .Select(expand => (IReadOnlyList<ChainLayer>)[Layer(expand), Layer(expand[..^"expand".Length] + "contract")]);

        ChainLayer Layer(string name) => new(byName[name + ".weight"], byName[name + ".bias"]);
    }
}
