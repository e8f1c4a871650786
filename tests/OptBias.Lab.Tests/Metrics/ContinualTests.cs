using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class ContinualTests
{
    private static readonly double[,] Accuracy = { { 0.9, double.NaN, 0.1 }, { 0.95, 0.8, 0.2 }, { 0.6, 0.7, 0.85 } };

    [Fact]
    public void The_four_numbers_follow_their_formulas()
    {
        Assert.Equal((0.6 + 0.7 + 0.85) / 3, AverageAccuracy.Of(Accuracy), 12);
        Assert.Equal((0.9 + 0.8 + 0.85) / 3, LearningAccuracy.Of(Accuracy), 12);
        Assert.Equal(((0.95 - 0.6) + (0.8 - 0.7)) / 2, Forgetting.Of(Accuracy), 12);
        Assert.Equal(((0.6 - 0.9) + (0.7 - 0.8)) / 2, BackwardTransfer.Of(Accuracy), 12);
    }

    [Fact]
    public void Forgetting_is_negative_where_later_tasks_help()
    {
        Assert.Equal(-0.1, Forgetting.Of(new[,] { { 0.7, 0.0 }, { 0.8, 0.9 } }), 12);
    }

    [Fact]
    public void One_task_cannot_be_forgotten_and_a_diverged_run_has_no_number()
    {
        Assert.True(double.IsNaN(Forgetting.Of(new[,] { { 0.7 } })));
        Assert.True(double.IsNaN(BackwardTransfer.Of(new[,] { { 0.7 } })));
        Assert.Equal(0.7, AverageAccuracy.Of(new[,] { { 0.7 } }));
        var diverged = new[,] { { 0.7, 0.1 }, { double.NaN, double.NaN } };
        Assert.True(double.IsNaN(Forgetting.Of(diverged)));
        Assert.True(double.IsNaN(AverageAccuracy.Of(diverged)));
        Assert.True(double.IsNaN(LearningAccuracy.Of(diverged)));
        Assert.Contains("2 x 3", Assert.Throws<ArgumentException>(() => Forgetting.Of(new double[2, 3])).Message);
    }

    [Fact]
    public void Masking_lets_only_the_tasks_classes_compete()
    {
        using var scope = NewDisposeScope();
        var logits = Known.Of(new double[,] { { 1, 2, 9 }, { 3, 2, 9 }, { 5, 4, 9 } });
        var labels = tensor(new long[] { 1, 1, 0 });
        Assert.Equal(2 / 3.0, MaskedAccuracy.Of(logits, labels, [1, 0]), 12);
        Assert.Equal(0, MaskedAccuracy.Of(logits, labels, [0, 1, 2]), 12);
    }

    [Fact]
    public void Nearest_class_means_classify_by_distance()
    {
        using var scope = NewDisposeScope();
        var training = Known.Of(new double[,] { { 0, 0 }, { 2, 0 }, { 10, 0 }, { 10, 2 } });
        var labels = tensor(new long[] { 3, 3, 8, 8 });
        var test = Known.Of(new double[,] { { 1, 1 }, { 5, 0 }, { 6, 1 }, { 9, 9 } });
        Assert.Equal(0.75, NearestClassMean.Accuracy(training, labels, test, tensor(new long[] { 3, 3, 8, 3 })), 12);

        // The means are (1, 0) and (10, 1): on the line between them they part at 5.5, not where inner products would.
        var line = Known.Of(new double[,] { { 4.5, 0.4 }, { 5.0, 0.5 }, { 6.0, 0.5 }, { 6.5, 0.6 } });
        Assert.Equal(1, NearestClassMean.Accuracy(training, labels, line, tensor(new long[] { 3, 3, 8, 8 })), 12);
    }
}
