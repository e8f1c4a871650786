namespace OptBias.Lab.Probes.Rules;

/// <summary>What is known of a rule before it meets a problem. The probes' step sizes and predictions follow from it, and from nothing else.</summary>
/// <remarks>It is read off the declaration's derived bias, for matrices, and nothing is measured.</remarks>
public sealed record RuleProperties
{
    /// <summary>p: gradients c times as large give steps cᵖ times as large; null where that does not hold for any p, or is not known.</summary>
    public required double? Degree { get; init; }

    /// <summary>Whether positive factors, one for each element of the gradient, change nothing.</summary>
    public required bool SeesNoUnits { get; init; }

    /// <summary>Whether the rule turns with every orthogonal map of the whole tensor.</summary>
    public required bool RotatesAsAWhole { get; init; }

    /// <summary>Whether the rule turns with rotations of the rows and of the columns of a matrix.</summary>
    public required bool RotatesRowsAndColumns { get; init; }

    /// <summary>The same for the step's direction, where a graft or a trust ratio sets its length.</summary>
    public required bool DirectionRotatesRowsAndColumns { get; init; }

    /// <summary>Whether the rule depends on where the parameter is. For such a rule zero may be a special point, so it starts beside it.</summary>
    public required bool SeesOrigin { get; init; }

    /// <summary>Whether a parameter keeps its sign.</summary>
    public required bool KeepsSigns { get; init; }

    /// <summary>The norm in which the step has a bound that no gradient exceeds.</summary>
    public StepNorm StepNorm { get; init; }

    /// <summary>The degree that step sizes use: that of a rule without one is taken to be 0, since most such rules normalise.</summary>
    public double StepDegree => this.Degree ?? 0;

    /// <summary>The Frobenius norm of a step that is as long as its bound allows in every direction; √(rows columns) where elements are bounded, or nothing is known.</summary>
    /// <param name="rows">Rows of the parameter.</param>
    /// <param name="columns">Its columns.</param>
    public double StepLength(int rows, int columns) => this.StepNorm switch
    {
        StepNorm.Spectral => Math.Sqrt(Math.Min(rows, columns)),
        StepNorm.Frobenius or StepNorm.Nuclear or StepNorm.Sum => 1,
        StepNorm.Row => Math.Sqrt(rows),
        StepNorm.Column => Math.Sqrt(columns),
        _ => Math.Sqrt((double)rows * columns),
    };

    /// <summary>The properties of a rule.</summary>
    public static RuleProperties Of(ProbeRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var bias = BiasOf(rule.Optimizer);
        var direction = bias.Direction ?? bias.Symmetries;

        // A hyperparameter that the rule sets to what breaks a property has broken it.
        bool Holds(Answer answer, string property) => answer == Answer.Yes
            && !bias.Limits.Any(limit => limit.Property == property && rule.Changes.GetValueOrDefault(limit.Hyperparameter) > 0);
        return new()
        {
            Degree = Holds(bias.HasDegree, BiasProperty.Degree) ? bias.Degree : null,
            SeesNoUnits = Holds(bias.SeesNoUnits, BiasProperty.SeesNoUnits),
            RotatesAsAWhole = Holds(bias.Symmetries.Elements.OfRotations, BiasProperty.ElementRotations),
            RotatesRowsAndColumns = bias.Symmetries.Rows.OfRotations == Answer.Yes && bias.Symmetries.Columns.OfRotations == Answer.Yes,
            DirectionRotatesRowsAndColumns = direction.Rows.OfRotations == Answer.Yes && direction.Columns.OfRotations == Answer.Yes,
            SeesOrigin = bias.SeesNoOrigin != Answer.Yes,
            KeepsSigns = Holds(bias.KeepsSigns, BiasProperty.KeepsSigns),
            StepNorm = bias.Step.Norm,
        };
    }

    /// <summary>The derived bias of the rule that a matrix follows.</summary>
    /// <exception cref="ArgumentException">No rule of the optimizer takes a matrix.</exception>
    public static RuleBias BiasOf(OptimizerDescriptor optimizer) => optimizer.Bias.For(8, 12);

    /// <summary>The properties that hold, in words.</summary>
    public IEnumerable<string> InWords()
    {
        if (this.SeesNoUnits)
            yield return "sees no units";
        if (this.RotatesAsAWhole)
            yield return "turns with the whole tensor";
        else if (this.RotatesRowsAndColumns)
            yield return "turns with rows and columns";
        else if (this.DirectionRotatesRowsAndColumns)
            yield return "its direction turns with rows and columns";
        if (this.SeesOrigin)
            yield return "sees the origin";
        if (this.KeepsSigns)
            yield return "keeps signs";
        if (this.StepNorm is not (StepNorm.None or StepNorm.GraftedLength or StepNorm.ParameterLength))
            yield return $"step bounded in the {this.StepNorm.ToString().ToLowerInvariant()} norm";
    }
}
