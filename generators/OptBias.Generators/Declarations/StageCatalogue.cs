namespace OptBias.Generators.Declarations;

/// <summary>The stages of the language. A new stage has its line here.</summary>
internal static class StageCatalogue
{
    /// <summary>Full name of the attribute to the reader of its stage.</summary>
    public static readonly IReadOnlyDictionary<string, Func<AttributeReading, Stage>> Readers =
        new Dictionary<string, Func<AttributeReading, Stage>>(StringComparer.Ordinal)
        {
            ["OptBias.MomentumAttribute"] = MomentumStage.Read,
            ["OptBias.HeavyBallAttribute"] = HeavyBallStage.Read,
            ["OptBias.DiagonalAttribute"] = DiagonalStage.Read,
            ["OptBias.KroneckerAttribute"] = KroneckerStage.Read,
            ["OptBias.KroneckerBasisAttribute"] = KroneckerBasisStage.Read,
            ["OptBias.OrthogonalizeAttribute"] = OrthogonalizeStage.Read,
            ["OptBias.SteepestAttribute"] = SteepestStage.Read,
            ["OptBias.PowerLawAttribute"] = PowerLawStage.Read,
            ["OptBias.GraftAttribute"] = GraftStage.Read,
            ["OptBias.TrustRatioAttribute"] = TrustRatioStage.Read,
            ["OptBias.ScaleByShapeAttribute"] = ScaleByShapeStage.Read,
            ["OptBias.SignAttribute"] = SignStage.Read,
            ["OptBias.ClipByNormAttribute"] = ClipByNormStage.Read,
            ["OptBias.ClipByValueAttribute"] = ClipByValueStage.Read,
            ["OptBias.ClipByRootMeanSquareAttribute"] = ClipByRootMeanSquareStage.Read,
            ["OptBias.ScaleByParameterAttribute"] = ScaleByParameterStage.Read,
            [ElementwiseStage.Attribute] = ElementwiseStage.Read,
            [EvaluateAtStage.Attribute] = EvaluateAtStage.Read,
            ["OptBias.WeightDecayAttribute"] = WeightDecayStage.Read,
        };
}
