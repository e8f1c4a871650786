using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Accuracy of the classifier that gives each example the class whose mean training representation is nearest: what the representation knows, head aside.</summary>
/// <remarks>
/// Range [0, 1]. A NaN or an infinity anywhere: NaN. Source: Mensink et al., PAMI 2013; as a measure of forgetting, Rebuffi et al., "iCaRL", CVPR 2017.
/// </remarks>
public static class NearestClassMean
{
    /// <summary>The accuracy of nearest class means.</summary>
    /// <param name="training">Activity that the means are taken of [n, d].</param>
    /// <param name="trainingLabels">Its classes [n], any integer dtype.</param>
    /// <param name="test">Activity to classify [m, d].</param>
    /// <param name="testLabels">Its classes [m].</param>
    public static double Accuracy(Tensor training, Tensor trainingLabels, Tensor test, Tensor testLabels)
    {
        ClassMeans.RequireLabels(training, trainingLabels);
        ClassMeans.RequireLabels(test, testLabels);
        return Measure.Any(training, x => Measure.Any(test, y =>
        {
            var (means, classes) = ClassMeans.Of(x, trainingLabels);

            // ‖y − μ‖² without ‖y‖², which is the same for every class.
            var distance = means.Squared().sum([1]) - y.matmul(means.t()).Times(2);
            return (tensor(classes)[distance.argmin(1)] == testLabels.to(ScalarType.Int64, CPU)).to(ScalarType.Float64).mean().Number();
        }));
    }
}
