using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Diagnostics;

/// <summary>Finds methods that are marked with <c>[PerStep]</c>, <c>[Sum]</c> or <c>[Hyper]</c>, and that no stage uses.</summary>
internal static class UnusedMethods
{
    /// <summary>Those of a class with <c>[Optimizer]</c>.</summary>
    public static IEnumerable<DiagnosticInfo> Of(INamedTypeSymbol type, OptimizerDeclaration declaration)
    {
        var methods = new HashSet<string>(declaration.Stages.OfType<MethodStage>().Select(stage => stage.Method), StringComparer.Ordinal);
        var numbers = new HashSet<string>(declaration.Stages.SelectMany(NumbersOf), StringComparer.Ordinal);
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
        {
            var isAsked = (PerStepReader.Is(method) || SumReader.Is(method)) && numbers.Contains(Naming.LowerFirst(method.Name));
            if (!isAsked && !methods.Contains(method.Name) && Mark(method) is var (place, mark))
                yield return Unused(place, mark, WhyUnused(method));
        }
    }

    /// <summary>That of a method in another class.</summary>
    public static DiagnosticInfo? Outside(IMethodSymbol method) => Mark(method) is var (place, mark)
        ? Unused(place, mark, $"'{method.ContainingType.Name}' is not declared as an optimizer; write [Optimizer] above it, or move the method into one")
        : null;

    /// <summary>The <c>[PerStep]</c> and <c>[Sum]</c> methods that a stage asks for, by the names of the parameters that do.</summary>
    private static IEnumerable<string> NumbersOf(Stage stage) => stage switch
    {
        MethodStage { Body: { } body } => body.Inputs.SelectMany(NumbersOf),
        DiagonalStage { BetaSchedule: { } schedule } => [Naming.LowerFirst(schedule)],
        _ => [],
    };

    private static IEnumerable<string> NumbersOf(ElementInput input) =>
        (input.Call is null && input.Sum is null ? [] : new[] { input.Name })
            .Concat(input.Call?.Sums.SelectMany(NumbersOf) ?? [])
            .Concat(input.Sum?.Term.Inputs.SelectMany(NumbersOf) ?? []);

    private static (LocationInfo? Place, string Mark)? Mark(IMethodSymbol method)
    {
        if (PerStepReader.Is(method))
            return (LocationInfo.Of(method.Locations.FirstOrDefault()), $"[PerStep] on '{method.Name}'");
        if (SumReader.Is(method))
            return (LocationInfo.Of(method.Locations.FirstOrDefault()), $"[Sum] on '{method.Name}'");
        return method.Parameters.FirstOrDefault(parameter => HyperReader.AttributeOf(parameter) is not null) is { } hyper
            ? (LocationInfo.Of(hyper.Locations.FirstOrDefault()), $"[Hyper] on '{hyper.Name}'")
            : null;
    }

    private static string WhyUnused(IMethodSymbol method) => PerStepReader.Is(method)
        ? $"no stage asks for its number; a per-element method does with a parameter 'float {Naming.LowerFirst(method.Name)}', [Diagonal] with BetaSchedule = nameof({method.Name})"
        : SumReader.Is(method)
        ? $"no stage asks for its sum; a per-element method does with a parameter 'float {Naming.LowerFirst(method.Name)}'"
        : $"no stage uses the method '{method.Name}'; write [Elementwise(nameof({method.Name}))] where it should act";

    private static DiagnosticInfo Unused(LocationInfo? place, string mark, string why) =>
        new(Descriptors.UnusedMethod.Id, place, new[] { mark, why }.ToEquatableArray());
}
