using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record KroneckerBasisStage(
    double? Beta, Accumulation Accumulate, int UpdateEvery, BasisRefresh Refresh, int MaxDimension, bool MergeDimensions) : Stage
{
    /// <summary>As in the runtime's settings.</summary>
    private const int DefaultMaxDimension = 10000;

    public override string Kind => "KroneckerBasis";

    public override bool IsCoordinateChange => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            if (this.Beta is { } beta)
                yield return KroneckerHyperparameters.Beta(beta);
            yield return KroneckerHyperparameters.UpdateEvery(this.UpdateEvery, "basis");
        }
    }

    public static KroneckerBasisStage Read(AttributeReading attribute)
    {
        double? beta = attribute.Has("Beta") ? attribute.Number("Beta") : null;
        return new(
            beta,
            attribute.Choice("Accumulate", beta is null ? Accumulation.Sum : Accumulation.Ema),
            attribute.Integer("UpdateEvery", 10),
            attribute.Choice<BasisRefresh>("Refresh"),
            attribute.Integer("MaxDimension", DefaultMaxDimension),
            attribute.Flag("MergeDimensions"));
    }

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.MaxDimension < 1)
            diagnostics.ReportOutOfRange(this.Kind, "MaxDimension", this.MaxDimension, HyperparameterRange.Interval);
        KroneckerHyperparameters.CheckAccumulation(this, this.Accumulate, this.Beta, diagnostics);
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);
        if (index == stages.Count - 1 || stages.Skip(index + 1).All(s => s.CommutesWithRotations))
            diagnostics.Report(Descriptors.StageWithoutEffect, this.Kind, "no stage below it acts in the basis; put [Diagonal] there");
        if (stages.Skip(index + 1).FirstOrDefault(s => s.KeepsDirection) is { } below)
            diagnostics.Report(Descriptors.DirectionInRotatedCoordinates, below.Kind, this.Kind);
    }
}
