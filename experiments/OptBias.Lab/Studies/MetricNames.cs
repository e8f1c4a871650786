namespace OptBias.Lab.Studies;

/// <summary>Names of the numbers of a run, as they are stored; columns of <c>runs.parquet</c>.</summary>
public static class MetricNames
{
#pragma warning disable CS1591 // The names say it; definitions are with the metrics.
    public const string LearningAccuracy = "learning_accuracy";
    public const string AverageAccuracy = "average_accuracy";
    public const string Forgetting = "forgetting";
    public const string BackwardTransfer = "backward_transfer";
    public const string MaskedAverageAccuracy = "masked_average_accuracy";
    public const string MaskedForgetting = "masked_forgetting";
    public const string NearestClassMeanAccuracy = "nearest_class_mean_accuracy";
    public const string Steps = "steps";
    public const string EffectiveRank = "effective_rank";
    public const string StableRank = "stable_rank";
    public const string ParticipationRatio = "participation_ratio";
    public const string WeightHoyer = "weight_hoyer_sparsity";
    public const string WeightGini = "weight_gini";
    public const string SecondsPrefix = "seconds_";
#pragma warning restore CS1591
}
