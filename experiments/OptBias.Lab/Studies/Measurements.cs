using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>What is measured of a trained network: its representation of test images, and its weights.</summary>
public static class Measurements
{
    /// <summary>Test images whose representation is measured, over all tasks together.</summary>
    public const int RepresentationExamples = 2000;

    /// <summary>Measures rank, localization and redundancy of the representation, and the sparsity of the weights.</summary>
    /// <param name="metrics">Receives the numbers by name.</param>
    /// <param name="curves">Receives the similarity of the classes' mean representations, one series per class.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="sets">The examples of the run's tasks.</param>
    public static void AddTo(IDictionary<string, double> metrics, ICollection<Curve> curves, Network network, TaskSets sets)
    {
        using var noGradient = no_grad();
        using var test = sets.AllEvaluation(RepresentationExamples);
        using var train = sets.AllTraining(RepresentationExamples);
        var (h, logits) = Evaluation.Apply(network, test);
        var (trainH, trainLogits) = Evaluation.Apply(network, train);
        using (h)
        using (logits)
        using (trainH)
        using (trainLogits)
        {
            AddRepresentation(metrics, h, test.Labels);
            metrics[MetricNames.NearestClassMeanAccuracy] = NearestClassMean.Accuracy(trainH, train.Labels, h, test.Labels);
            var similarity = ClassMeanSimilarity.Of(h, test.Labels);
            metrics[MetricNames.ClassMeanSimilarity] = ClassMeanSimilarity.MeanOffDiagonal(similarity);
            double[] classes = [.. Enumerable.Range(0, similarity.GetLength(0)).Select(c => (double)c)];
            for (var c = 0; c < classes.Length; c++)
                curves.Add(new("class mean similarity", $"{c}", classes, [.. classes.Select(other => similarity[c, (int)other])]));
        }

        using var weights = Weights(network);
        metrics[MetricNames.WeightHoyer] = Hoyer.Of(weights);
        metrics[MetricNames.WeightGini] = Gini.Of(weights);
    }

    /// <summary>Adds how far the weights have moved.</summary>
    /// <param name="metrics">Receives the numbers by name.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="start">Its <see cref="Weights"/> before the first step.</param>
    public static void AddChange(IDictionary<string, double> metrics, Network network, Tensor start)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (change, before) = ((Weights(network) - start).norm().Number(), start.norm().Number());
        metrics[MetricNames.WeightChangeNorm] = change;
        metrics[MetricNames.RelativeWeightChange] = change / before;
    }

    /// <summary>All weights of matrices and kernels, the head's included, as one vector; biases are not counted.</summary>
    public static Tensor Weights(Network network)
    {
        using var scope = NewDisposeScope();
        return cat([.. network.Parameters().Where(p => p.Role != ParameterRole.Bias).Select(p => p.Parameter.detach().flatten())], 0).DetachFromDisposeScope();
    }

    /// <summary>Adds rank, localization and redundancy of a representation.</summary>
    internal static void AddRepresentation(IDictionary<string, double> metrics, Tensor h, Tensor labels)
    {
        var singularValues = SingularValues.Of(h);
        metrics[MetricNames.EffectiveRank] = EffectiveRank.Of(singularValues);
        metrics[MetricNames.StableRank] = StableRank.Of(singularValues);
        metrics[MetricNames.ParticipationRatio] = ParticipationRatio.Of(h);
        metrics[MetricNames.PopulationSparseness] = PopulationSparseness.Of(h);
        metrics[MetricNames.LifetimeSparseness] = LifetimeSparseness.Of(h);
        metrics[MetricNames.ClassSelectivity] = ClassSelectivity.Of(h, labels);
        metrics[MetricNames.ActivityHoyer] = Hoyer.OfRows(h);
        metrics[MetricNames.DeadUnits] = DeadUnits.Of(h);
        metrics[MetricNames.MeanAbsoluteCorrelation] = MeanAbsoluteCorrelation.Of(h);
        metrics[MetricNames.PredictableUnits] = PredictableUnits.Of(h);
    }
}
