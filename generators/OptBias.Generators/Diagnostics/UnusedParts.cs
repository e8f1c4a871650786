using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Diagnostics;

/// <summary>
/// Finds what of a declaration does nothing: stages, state and hyperparameters from which no way leads to the parameter. It asks the
/// lowered program and knows no stage by name, so it holds for stages and methods that are still to be written.
/// </summary>
internal sealed class UnusedParts
{
    private readonly List<DiagnosticInfo> found = [];
    private readonly INamedTypeSymbol type;
    private readonly OptimizerDeclaration declaration;
    private readonly StageTrace trace = new();
    private readonly UpdateProgram program;
    private readonly Liveness ofParameter;
    private readonly Liveness ofAll;

    private UnusedParts(INamedTypeSymbol type, OptimizerDeclaration declaration)
    {
        this.type = type;
        this.declaration = declaration;
        this.program = LoweringContext.Lower(declaration, this.trace);
        this.ofParameter = Liveness.OfParameter(this.program);
        this.ofAll = Liveness.OfAll(this.program);
    }

    /// <summary>What does nothing in a class with <c>[Optimizer]</c>; nothing is said of one that has errors.</summary>
    public static IEnumerable<DiagnosticInfo> Of(INamedTypeSymbol type, Reading reading)
    {
        if (!reading.IsClean)
            return [];
        var declaration = reading.Declaration!;
        var unused = UnusedMethods.Of(type, declaration);
        return declaration.Stages.Count == 0
            ? unused
            : new UnusedParts(type, declaration).OfStages(reading.Diagnostics).Concat(unused);
    }

    private List<DiagnosticInfo> OfStages(IReadOnlyList<DiagnosticInfo> known)
    {
        var places = DeclarationReader.StageAttributes(this.type)
            .Select(attribute => LocationInfo.Of(attribute.ApplicationSyntaxReference))
            .ToList();
        var options = new UnusedOptions(this.type, this.declaration);
        for (var i = 0; i < this.declaration.Stages.Count; i++)
        {
            // What is without effect as a whole is one mistake, not one for each of its parts.
            var place = places[i];
            if (known.Any(d => d.Id == Descriptors.StageWithoutEffect.Id && d.Location == place))
                continue;
            if (this.WhyWithoutEffect(i) is { } why)
                this.Report(Descriptors.StageWithoutEffect, place, this.declaration.Stages[i].Kind, why);
            else
                this.CheckParts(i, place, options);
        }

        return [.. this.found, .. options.OfState()];
    }

    private string? WhyWithoutEffect(int stage)
    {
        // A method that returns the update as it is has made nothing that could get lost.
        var marks = this.trace.MarksOf(stage);
        var kind = this.declaration.Stages[stage].Kind;
        if (marks.Count == 0 || marks.Any(this.ofParameter.Reaches))
            return null;
        for (var below = stage + 1; below < this.declaration.Stages.Count; below++)
        {
            var signals = this.trace.Signals[below];
            var handedOn = Liveness.Of(this.program, [signals.Update, signals.Gradient]);
            if (!marks.Any(handedOn.Reaches))
                return $"{Called(this.declaration.Stages[below])} below it does not use the update, so nothing of [{kind}] reaches the parameter";
        }

        return "nothing of it reaches the parameter";
    }

    private void CheckParts(int index, LocationInfo? place, UnusedOptions options)
    {
        var stage = this.declaration.Stages[index];
        this.found.AddRange(options.OfStage(index));
        foreach (var (_, name, slot) in this.StatesOf(stage))
        {
            var why = !this.program.Stores.Any(store => store.Target == slot) ? "it is never written, so it is always 0"
                : !this.ofParameter.ReachesState(slot.Name) ? "its value never reaches the parameter; remove it, or suppress this warning here if it is there to be read from outside, as an average of the weights is"
                : null;
            if (why is null)
                continue;
            var parameter = this.ParameterOf(stage, parameter => parameter.RefKind == RefKind.Ref && Naming.ToSnakeCase(parameter.Name) == name);
            this.Report(Descriptors.UnusedState, Place(parameter) ?? place, parameter?.Name ?? name, (stage as MethodStage)?.Method ?? stage.Kind, why);
        }

        foreach (var hyperparameter in stage.Hyperparameters)
        {
            if (!this.ofAll.ReachesHyperparameter(stage.Qualify(hyperparameter.Name)))
                this.Report(Descriptors.HyperparameterWithoutEffect, this.PlaceOf(stage, hyperparameter) ?? place, stage.Qualify(hyperparameter.Name), stage.Kind);
        }

        foreach (var input in (stage as MethodStage)?.Body?.Inputs ?? [])
        {
            if ((input.Call is { } call && !this.ofAll.ReachesPerStep(call.Method)) || (input.Kind == InputKind.Sum && !((MethodStage)stage).Body!.Uses(input)))
                this.Report(Descriptors.UnusedMethod, Place(this.ParameterOf(stage, parameter => parameter.Name == input.Name)) ?? place, $"'{input.Name}' of {Called(stage)}", "its value reaches neither the parameter nor any state");
        }
    }

    private IEnumerable<(Stage Stage, string Name, TensorSlot Slot)> StatesOf(Stage stage) => this.trace.States.Where(state => ReferenceEquals(state.Stage, stage));

    /// <summary>A parameter of the stage's per-element method.</summary>
    private IParameterSymbol? ParameterOf(Stage stage, Func<IParameterSymbol, bool> isIt) => stage is MethodStage { Method: var name }
        ? this.type.GetMembers(name).OfType<IMethodSymbol>().SelectMany(method => method.Parameters).FirstOrDefault(isIt)
        : null;

    /// <summary>Where a hyperparameter is declared: in the per-element method, or in a <c>[PerStep]</c> or <c>[Sum]</c> method that the stage asks for.</summary>
    private LocationInfo? PlaceOf(Stage stage, HyperparameterDeclaration hyperparameter)
    {
        bool IsIt(IParameterSymbol parameter) => HyperReader.AttributeOf(parameter) is not null && Naming.ToSnakeCase(parameter.Name) == hyperparameter.Name;
        return Place(this.ParameterOf(stage, IsIt)
            ?? this.type.GetMembers().OfType<IMethodSymbol>().Where(method => PerStepReader.Is(method) || SumReader.Is(method)).SelectMany(method => method.Parameters).FirstOrDefault(IsIt));
    }

    private static LocationInfo? Place(ISymbol? symbol) => LocationInfo.Of(symbol?.Locations.FirstOrDefault());

    private static string Called(Stage stage) => stage is MethodStage { Method: var method } ? $"'{method}'" : $"[{stage.Kind}]";

    private void Report(DiagnosticDescriptor descriptor, LocationInfo? place, params string[] arguments) =>
        this.found.Add(new DiagnosticInfo(descriptor.Id, place, arguments.ToEquatableArray()));
}
