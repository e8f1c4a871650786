namespace OptBias;

/// <summary>
/// What the declaration of one rule fixes of its bias: which changes of the gradients it cannot see. Nothing is measured; the
/// generator infers it from the update program, and what it cannot tell is <see cref="Answer.Unknown"/>.
/// </summary>
/// <remarks>
/// <para>
/// The state starts at zero. What holds, holds for the hyperparameters at their declared defaults, except
/// <see cref="JudgedAtZero"/>: these are epsilons, ridges and decays, which are taken in their limit zero.
/// <see cref="Limits"/> names the properties that each of them breaks where it is not zero.
/// </para>
/// <para>
/// Rows and columns are those of a matrix whose sides are at most <see cref="LargestSide"/>. Larger ones are cut into blocks, and
/// then maps of rows and columns within a block remain. For tensors of order 3 or more it depends on the stage what a row is; its
/// documentation says so.
/// </para>
/// </remarks>
public sealed record RuleBias
{
    /// <summary>The class whose rule it is.</summary>
    public required string Rule { get; init; }

    /// <summary>Which parameters follow the rule; all, but for a route of a composite.</summary>
    public ParameterShape When { get; init; }

    /// <summary>The names of the parameters that follow it, beside <see cref="When"/>; null for all names.</summary>
    public string? Names { get; init; }

    /// <summary>Whether the step has a degree in the gradient: <c>u(c g) = cᵖ u(g)</c> for every c > 0.</summary>
    public required Answer HasDegree { get; init; }

    /// <summary>The degree p: 1 of gradient descent, 0 of Adam. NaN where <see cref="HasDegree"/> is not yes.</summary>
    public double Degree { get; init; } = double.NaN;

    /// <summary>Whether <c>u(d ∘ g) = u(g)</c> for every positive d, one factor for each element and the same in all steps. The parameter stays as it is.</summary>
    public required Answer SeesNoUnits { get; init; }

    /// <summary>The symmetries of the whole step.</summary>
    public required Symmetries Symmetries { get; init; }

    /// <summary>The symmetries of the step's direction, where a graft or a trust ratio sets its length; null where none does.</summary>
    public Symmetries? Direction { get; init; }

    /// <summary>The symmetries of the step's length (as a number, it must stay the same), where a graft or a trust ratio sets it; null where none does.</summary>
    public Symmetries? Length { get; init; }

    /// <summary>Whether the step does not depend on where the parameter is.</summary>
    public required Answer SeesNoOrigin { get; init; }

    /// <summary>Whether the exact flow never changes the sign of an element.</summary>
    public required Answer KeepsSigns { get; init; }

    /// <summary>A bound of the step that holds for every gradient.</summary>
    public StepBound Step { get; init; } = StepBound.None;

    /// <summary>The largest side of a matrix that is not cut into blocks; null where nothing is cut.</summary>
    public int? LargestSide { get; init; }

    /// <summary>Hyperparameters that are taken in their limit zero.</summary>
    public ValueList<string> JudgedAtZero { get; init; } = [];

    /// <summary>What each of <see cref="JudgedAtZero"/> breaks where it is not zero.</summary>
    public ValueList<BiasLimit> Limits { get; init; } = [];

    /// <summary>Why properties do not hold.</summary>
    public ValueList<BiasReason> Reasons { get; init; } = [];

    /// <summary>All properties by their stable names, always in the same order.</summary>
    public IReadOnlyList<BiasProperty> Properties
    {
        get
        {
            var properties = new List<BiasProperty>
            {
                new(BiasProperty.Degree, this.HasDegree, this.Degree),
                new(BiasProperty.SeesNoUnits, this.SeesNoUnits),
            };
            AddSymmetries("", this.Symmetries);
            if (this.Direction is { } direction)
                AddSymmetries("direction.", direction);
            if (this.Length is { } length)
                AddSymmetries("length.", length);
            properties.Add(new(BiasProperty.SeesNoOrigin, this.SeesNoOrigin));
            properties.Add(new(BiasProperty.KeepsSigns, this.KeepsSigns));
            properties.Add(new(BiasProperty.BoundedStep, this.Step.Norm == StepNorm.None ? Answer.Unknown : Answer.Yes, this.Step.Value));
            return properties;

            void AddSymmetries(string before, Symmetries symmetries)
            {
                var answers = new[] { symmetries.Elements, symmetries.Rows, symmetries.Columns }.SelectMany(axis => new[] { axis.OfSigns, axis.OfPermutations, axis.OfRotations });
                properties.AddRange(BiasProperty.Symmetries.Zip(answers, (name, answer) => new BiasProperty(before + name, answer)));
            }
        }
    }

    /// <summary>Whether a property holds.</summary>
    /// <param name="property">Its name, one of those in <see cref="BiasProperty"/>; for the direction and the length of a rule whose length is not set apart, the answer is that of the whole step.</param>
    /// <exception cref="ArgumentException">No property has that name; the message names the nearest one and lists all.</exception>
    public Answer Holds(string property)
    {
        ArgumentNullException.ThrowIfNull(property);
        var properties = this.Properties;
        var known = properties.FirstOrDefault(p => string.Equals(p.Name, property, StringComparison.OrdinalIgnoreCase))
            ?? properties.FirstOrDefault(p => property.EndsWith("." + p.Name, StringComparison.OrdinalIgnoreCase) && BiasProperty.Symmetries.Contains(p.Name));
        var names = properties.Select(p => p.Name).ToList();
        return known?.Answer ?? throw new ArgumentException($"No property of a bias is called '{property}'. {NearestName.Suggest(property, names)}Known: {string.Join(", ", names)}.", nameof(property));
    }

    /// <summary>Why a property does not hold; null where it does, or where nothing is to blame.</summary>
    /// <param name="property">Its name.</param>
    public string? WhyNot(string property) => this.Reasons.FirstOrDefault(reason => reason.Property == property)?.Text;
}
