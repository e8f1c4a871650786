namespace OptBias.Lab.Studies;

/// <summary>Names of the numbers of a run, as they are stored; columns of <c>runs.parquet</c>, words of a wish.</summary>
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
    public const string LearningBits = "learning_bits";
    public const string AverageBits = "average_bits";
    public const string ForgettingBits = "forgetting_bits";
    public const string Steps = "steps";

    public const string EffectiveRank = "effective_rank";
    public const string StableRank = "stable_rank";
    public const string ParticipationRatio = "participation_ratio";
    public const string PopulationSparseness = "population_sparseness";
    public const string LifetimeSparseness = "lifetime_sparseness";
    public const string ClassSelectivity = "class_selectivity";
    public const string ActivityHoyer = "activity_hoyer_sparsity";
    public const string DeadUnits = "dead_units";
    public const string MeanAbsoluteCorrelation = "mean_absolute_correlation";
    public const string PredictableUnits = "predictable_units";
    public const string ClassMeanSimilarity = "class_mean_similarity";
    public const string ActiveUnitOverlap = "active_unit_overlap";
    public const string WeightChangeOverlap = "weight_change_overlap";
    public const string GradientCosine = "gradient_cosine";

    public const string WeightHoyer = "weight_hoyer_sparsity";
    public const string WeightGini = "weight_gini";
    public const string WeightChangeNorm = "weight_change_norm";
    public const string RelativeWeightChange = "relative_weight_change";
    public const string LargestSparsity = "largest_sparsity";
    public const string AccuracyAtTenPercent = "accuracy_at_10_percent_kept";
    public const string AccuracyAtThreePercent = "accuracy_at_3_percent_kept";
    public const string TopHessianEigenvalue = "top_hessian_eigenvalue";

    public const string LinearCka = "linear_cka";
    public const string Svcca = "svcca";
    public const string ProcrustesDistance = "procrustes_distance";
    public const string PredictionDisagreement = "prediction_disagreement";
    public const string LossBarrier = "loss_barrier";
    public const string MatchedLossBarrier = "matched_loss_barrier";

    public const string SecondsPrefix = "seconds_";
#pragma warning restore CS1591
}
