using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record DiagonalStage(
    double? Beta, DiagonalStatistic Statistic, bool Centered, double Exponent, double Epsilon, EpsilonPlacement EpsilonPlacement, bool BiasCorrection,
    string? BetaSchedule, bool Factored) : Stage
{
    private static readonly HyperparameterRange ExponentRange = new(0, 1, ExcludesMinimum: true);

    public override string Kind => "Diagonal";

    public override bool IsPreconditioner => true;

    /// <summary>The method that gives the forgetting rate of each step, if one does.</summary>
    public PerStepCall? Schedule { get; init; }

    /// <summary>The hyperparameters that the schedule brings with it.</summary>
    public EquatableArray<HyperparameterDeclaration> OfSchedule { get; init; } = EquatableArray<HyperparameterDeclaration>.Empty;

    private bool Forgets => this.Beta is not null || this.BetaSchedule is not null;

    /// <summary>Whether v is divided by 1 − β₂ᵗ.</summary>
    public bool CorrectsBias => this.BiasCorrection && this.BetaSchedule is null && this.Statistic is (DiagonalStatistic.Ema or DiagonalStatistic.Max);

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            if (this.Beta is { } beta)
                yield return new("beta2", "beta", beta, HyperparameterRange.Rate, new("beta2", "β₂", "\\beta_2"), "decay rate of the second moment");
            yield return new("eps", "Epsilon", this.Epsilon, HyperparameterRange.NonNegative, new("epsilon", "ε", "\\varepsilon"), this.EpsilonPlacement == EpsilonPlacement.InsideStatistic ? "term added to the squared gradient" : "term added to the denominator") { Vanishes = true };
            foreach (var hyperparameter in this.OfSchedule)
                yield return hyperparameter;
        }
    }

    public static DiagonalStage Read(AttributeReading attribute)
    {
        double? beta = attribute.Has("Beta") ? attribute.Number("Beta") : null;
        var schedule = attribute.Text("BetaSchedule");
        return new(
            beta,
            attribute.Choice("Statistic", beta is null && schedule is null ? DiagonalStatistic.Sum : DiagonalStatistic.Ema),
            attribute.Flag("Centered"),
            attribute.Number("Exponent", 0.5),
            attribute.Number("Epsilon", 1e-8),
            attribute.Choice<EpsilonPlacement>("EpsilonPlacement"),
            attribute.Flag("BiasCorrection", otherwise: true),
            schedule,
            attribute.Flag("Factored"));
    }

    public override Stage Bind(ClassScope scope)
    {
        if (this.BetaSchedule is not { } name)
            return this;
        if (PerStepReader.Find(name, scope) is not { } method)
        {
            scope.Report.Report(Descriptors.WrongPerStep, name, $"is named by BetaSchedule, but '{scope.Type.Name}' has no method of that name with [PerStep]");
            return this;
        }

        var own = this.Hyperparameters.ToList();
        var brought = PerStepReader.Hyperparameters(method, scope).Select(hyper => hyper.Declared).OfType<HyperparameterDeclaration>().ToList();
        return PerStepReader.Check(method, own.Concat(brought).ToList(), scope)
            ? this with { Schedule = PerStepReader.Call(method, scope), OfSchedule = brought.ToEquatableArray() }
            : this;
    }

    public override void Check(StageDiagnostics diagnostics)
    {
        if (!ExponentRange.Contains(this.Exponent))
            diagnostics.ReportOutOfRange(this.Kind, "Exponent", this.Exponent, ExponentRange);
        if (this.Statistic == DiagonalStatistic.Sum && this.Forgets)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, this.Beta is null ? "BetaSchedule" : "beta", "Statistic = Sum", "a sum does not forget; leave it out");
        if (this.Beta is not null && this.BetaSchedule is not null)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "beta", "BetaSchedule", "the schedule gives the rate; leave beta out");
        if (this.Statistic != DiagonalStatistic.Sum && !this.Forgets)
            diagnostics.Report(Descriptors.MissingBeta, this.Kind, this.Statistic.ToString());
        if (this.Centered && this.Statistic != DiagonalStatistic.Ema)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Centered", "Statistic = " + this.Statistic, "only an average has a variance");
        if (this.Factored && this.Statistic is DiagonalStatistic.Max or DiagonalStatistic.Infinity)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Factored", "Statistic = " + this.Statistic, "averages of rows and columns do not give a maximum");
        if (this.Factored && this.Centered)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Factored", "Centered", "the average of the gradient would need a number for every element");
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);
        if (this.Factored && stages.Take(index).Any(s => s is KroneckerBasisStage))
            diagnostics.Report(Descriptors.FactoredInRotatedCoordinates, this.Kind, "averages of rows and columns", "leave Factored out, or move [Diagonal] above the basis");
    }
}
