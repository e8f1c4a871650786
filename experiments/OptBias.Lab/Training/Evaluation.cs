using OptBias.Lab.Data;
using OptBias.Lab.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>What a network gets right.</summary>
public static class Evaluation
{
    private const int Chunk = 1000;

    /// <summary>Representation [n, units] and logits [n, classes] of all examples, without gradients. They belong to the caller, or to its dispose scope.</summary>
    public static (Tensor Representation, Tensor Logits) Apply(Network network, ExampleSet set)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (representations, logits) = (new List<Tensor>(), new List<Tensor>());
        foreach (var images in set.Images.split(Chunk))
        {
            var representation = network.Represent(images);
            representations.Add(representation);
            logits.Add(network.Classify(representation));
        }

        return (cat(representations, 0).MoveToOuterDisposeScope(), cat(logits, 0).MoveToOuterDisposeScope());
    }

    /// <summary>Fraction of the examples whose largest logit is that of their class, among all and among <paramref name="classes"/> only.</summary>
    /// <param name="network">The network.</param>
    /// <param name="set">The examples.</param>
    /// <param name="classes">The classes that masked accuracy chooses from; the examples have no others.</param>
    public static (double Accuracy, double Masked) Accuracy(Network network, ExampleSet set, IReadOnlyList<int> classes)
    {
        var (representation, logits) = Apply(network, set);
        using (representation)
        using (logits)
        {
            using var scope = NewDisposeScope();
            var accuracy = Share(logits.argmax(1).eq(set.Labels));
            if (classes.Count == logits.shape[1])
                return (accuracy, accuracy);
            var allowed = tensor(classes.Select(c => (long)c).ToArray(), device: set.Device);
            var masked = allowed.index_select(0, logits.index_select(1, allowed).argmax(1));
            return (accuracy, Share(masked.eq(set.Labels)));
        }
    }

    /// <summary>Fraction of truths in a vector of them.</summary>
    private static double Share(Tensor truths)
    {
        using var sum = truths.sum();
        return sum.Count() / (double)truths.numel();
    }
}
