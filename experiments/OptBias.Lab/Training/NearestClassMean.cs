using OptBias.Lab.Data;
using OptBias.Lab.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>
/// Accuracy of the representation alone: a test image belongs to the class whose mean representation, over training
/// data of all classes, is nearest (Mensink et al. 2013; used for continual learning by Rebuffi et al. 2017). It says
/// whether the features were forgotten or only the head.
/// </summary>
public static class NearestClassMean
{
    /// <summary>Accuracy in [0, 1]; NaN if the representation is not finite.</summary>
    /// <param name="network">The network.</param>
    /// <param name="train">Examples with all classes, for the means.</param>
    /// <param name="test">Examples to classify.</param>
    public static double Accuracy(Network network, DigitSet train, DigitSet test)
    {
        var (trainRepresentation, trainLogits) = Evaluation.Apply(network, train);
        var (testRepresentation, testLogits) = Evaluation.Apply(network, test);
        using (trainRepresentation)
        using (trainLogits)
        using (testRepresentation)
        using (testLogits)
            return Accuracy(trainRepresentation, train.Labels, testRepresentation, test.Labels);
    }

    /// <summary>The same from representations [n, units] and labels [n].</summary>
    public static double Accuracy(Tensor trainRepresentation, Tensor trainLabels, Tensor testRepresentation, Tensor testLabels)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var membership = nn.functional.one_hot(trainLabels, 10).to(trainRepresentation.dtype);
        var means = membership.t().matmul(trainRepresentation) / membership.sum(0).clamp(min: 1).unsqueeze(1);
        if (!isfinite(means).all().ToBoolean() || !isfinite(testRepresentation).all().ToBoolean())
            return double.NaN;
        // ‖h − m‖² orders as ‖m‖² − 2 h·m; a class without training data must not win.
        var distance = means.square().sum([1]).unsqueeze(0) - (2 * testRepresentation.matmul(means.t()));
        distance = distance.masked_fill(membership.sum(0).eq(0).unsqueeze(0), double.PositiveInfinity);
        return Evaluation.Share(distance.argmin(1).eq(testLabels));
    }
}
