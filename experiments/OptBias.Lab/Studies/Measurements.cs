using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>What is measured of a trained network: its representation of test images, and its weights.</summary>
public static class Measurements
{
    /// <summary>Test images whose representation is measured, over all tasks together.</summary>
    public const int RepresentationExamples = 2000;

    /// <summary>Adds all of it to the numbers of a run.</summary>
    /// <param name="metrics">Receives the numbers by name.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="sets">The examples of the run's tasks.</param>
    public static void AddTo(IDictionary<string, double> metrics, Network network, TaskSets sets)
    {
        using var noGradient = no_grad();
        using (var test = sets.AllEvaluation(RepresentationExamples))
        using (var train = sets.AllTraining(RepresentationExamples))
        {
            var (representation, logits) = Evaluation.Apply(network, test);
            using (representation)
            using (logits)
                AddRepresentation(metrics, representation);
            metrics[MetricNames.NearestClassMeanAccuracy] = NearestClassMean.Accuracy(network, train, test);
        }

        using var weights = Weights(network);
        metrics[MetricNames.WeightHoyer] = Hoyer.Of(weights);
        metrics[MetricNames.WeightGini] = Gini.Of(weights);
    }

    private static void AddRepresentation(IDictionary<string, double> metrics, Tensor representation)
    {
        var singularValues = SingularValues.Of(representation);
        metrics[MetricNames.EffectiveRank] = EffectiveRank.Of(singularValues);
        metrics[MetricNames.StableRank] = StableRank.Of(singularValues);
        metrics[MetricNames.ParticipationRatio] = ParticipationRatio.Of(representation);
    }

    /// <summary>All weights of matrices and kernels, the head's included, as one vector; biases are not counted.</summary>
    public static Tensor Weights(Network network)
    {
        using var scope = NewDisposeScope();
        return cat([.. network.Parameters().Where(p => p.Role != ParameterRole.Bias).Select(p => p.Parameter.detach().flatten())], 0).DetachFromDisposeScope();
    }
}
