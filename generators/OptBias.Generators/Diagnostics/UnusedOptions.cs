using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Diagnostics;

/// <summary>
/// Finds options that change nothing: each one is taken away, and where the declaration says something else without it but is
/// lowered to the same program with the same hyperparameters, it has no effect. It knows no option by name.
/// </summary>
internal sealed class UnusedOptions(INamedTypeSymbol type, OptimizerDeclaration declaration)
{
    private readonly Lazy<string> whole = new(() => Meaning(declaration));

    /// <summary>Of a stage. One that does nothing as a whole should not be asked about its options.</summary>
    public IEnumerable<DiagnosticInfo> OfStage(int index)
    {
        // What the class has to say of a stage, its per-element method, is none of the attribute's options.
        var (attribute, stage) = (DeclarationReader.StageAttributes(type).ElementAt(index), declaration.Stages[index]);
        if (stage is MethodStage)
            yield break;
        var reading = new AttributeReading(attribute);
        foreach (var option in reading.Options)
        {
            // A choice says what the rule is, also where two of its values come to the same, as L2 and decoupled decay do for SGD.
            if (option == nameof(Stage.Name) || reading.IsChoice(option))
                continue;

            // An option that brings a hyperparameter, or gives its default, is seen in the constructor.
            var other = StageCatalogue.Readers[attribute.FullName()!](reading.Without(option)) with { Name = stage.Name };
            if (other == stage || !other.Hyperparameters.SequenceEqual(stage.Hyperparameters))
                continue;
            var stages = declaration.Stages.ToArray();
            stages[index] = other;
            if (Meaning(declaration with { Stages = stages.ToEquatableArray() }) == this.whole.Value)
                yield return Found(reading, option, stage.Kind, "the rule is the same without it");
        }
    }

    /// <summary>Of <c>[State]</c>.</summary>
    public IEnumerable<DiagnosticInfo> OfState()
    {
        if (type.AttributesOf(StateDeclaration.Attribute).FirstOrDefault() is not { } attribute)
            yield break;
        var reading = new AttributeReading(attribute);
        foreach (var option in reading.Options)
        {
            var other = StateDeclaration.Read(reading.Without(option));
            if (other != declaration.State && Meaning(declaration with { State = other }) == this.whole.Value)
                yield return Found(reading, option, StateDeclaration.Kind, "state is kept in the same way without it");
        }
    }

    /// <summary>What a declaration with these hyperparameters does.</summary>
    private static string Meaning(OptimizerDeclaration declaration)
    {
        var program = LoweringContext.Lower(declaration);

        // A rule without state per element has nothing that is kept in one type or the other.
        var state = program.States.Count == 0 ? declaration.State with { Precision = StatePrecision.Arithmetic } : declaration.State;
        return ProgramFingerprint.Of(program, state);
    }

    private static DiagnosticInfo Found(AttributeReading reading, string option, string kind, string why) =>
        new(Descriptors.OptionWithoutEffect.Id, reading.Location, new[] { option, kind, why }.ToEquatableArray());
}
