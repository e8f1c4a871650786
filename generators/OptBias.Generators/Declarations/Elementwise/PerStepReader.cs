using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>Reads the signature of a <c>[PerStep]</c> method; its body is the compiler's business alone.</summary>
internal static class PerStepReader
{
    public const string Step = "step";
    private const string Attribute = "OptBias.PerStepAttribute";
    private const string LearningRate = "lr";

    private static readonly HashSet<string> Shapes = new(StringComparer.Ordinal)
    {
        "row", "column", "cols", "numel", "count", "size", "shape", "width", "height", "ndim", "rank", "dimensions", "fanin", "fanout",
    };

    /// <summary>The class's method of that name with <c>[PerStep]</c>.</summary>
    public static IMethodSymbol? Find(string name, ClassScope scope) =>
        scope.Type.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(m => m.MethodKind == MethodKind.Ordinary && Is(m));

    public static bool Is(IMethodSymbol method) => method.AttributesOf(Attribute).Any();

    /// <summary>The hyperparameters that its parameters bring with them.</summary>
    public static IEnumerable<(IParameterSymbol Parameter, HyperparameterDeclaration? Declared)> Hyperparameters(IMethodSymbol method, ClassScope scope) =>
        from parameter in method.Parameters
        where parameter.Name != Step
        let hyper = HyperReader.AttributeOf(parameter)
        where hyper is not null
        select (parameter, HyperReader.Read(parameter, hyper!, scope));

    public static PerStepCall Call(IMethodSymbol method, ClassScope scope) => new(
        method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + "." + Naming.Escape(method.Name),
        method.Parameters.Select(p => p.Name).ToEquatableArray(),
        OwnSource.Of(method, scope),
        EquatableArray<ElementInput>.Empty,
        method.Parameters.Where(IsCarried).Select(p => p.Name).ToEquatableArray(),
        method.Parameters.Where(p => !IsCarried(p) && FindCarrier(p.Name, scope) is not null).Select(p => p.Name).ToEquatableArray());

    /// <summary>Whether a parameter is a number that a step hands to the next.</summary>
    public static bool IsCarried(IParameterSymbol parameter) => parameter.RefKind == RefKind.Ref && parameter.Name != Step;

    /// <summary>The class's method that hands a number of this name from step to step.</summary>
    public static IMethodSymbol? FindCarrier(string parameter, ClassScope scope) =>
        scope.Type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(m => m.MethodKind == MethodKind.Ordinary && Is(m) && m.Parameters.Any(p => IsCarried(p) && p.Name == parameter));

    /// <summary>Whether it can be called; what its parameters are bound to is checked once all stages are known.</summary>
    /// <param name="method">The method.</param>
    /// <param name="own">The hyperparameters of the stage that asks; it need not be complete yet.</param>
    /// <param name="scope">The class.</param>
    /// <param name="takesSums">Whether it may ask for sums: of the update and state of a per-element method.</param>
    public static bool Check(IMethodSymbol method, IReadOnlyList<HyperparameterDeclaration> own, ClassScope scope, bool takesSums = false)
    {
        scope.Silenced.UnionWith(Disapproval.Of(method, scope.Type));
        if ((WrongSignature(method, scope.Type) ?? WhyNotCarried(method, takesSums)) is { } wrong)
        {
            scope.Report.ReportAt(LocationInfo.Of(method.Locations.FirstOrDefault()), Descriptors.WrongPerStep, method.Name, wrong);
            return false;
        }

        scope.Later(stages =>
        {
            var known = Known(own, stages);
            foreach (var parameter in method.Parameters.Where(p => p.Name != Step && !IsCarried(p) && Find(known, p.Name) is null && !SumReader.Shapes.ContainsKey(p.Name)))
            {
                var isSum = SumReader.Find(parameter.Name, scope) is not null;
                if (takesSums && (isSum || FindCarrier(parameter.Name, scope) is not null))
                    continue;
                scope.Report.ReportAt(
                    LocationInfo.Of(parameter.Locations.FirstOrDefault()), Descriptors.WrongPerStep, method.Name,
                    isSum ? $"asks for the sum '{parameter.Name}', which only a [PerStep] method has that a per-element method asks for"
                    : $"asks for '{parameter.Name}', which is no hyperparameter; there are step, {string.Join(", ", known.Concat(SumReader.Shapes.Keys).Distinct())}{OfShape(parameter)}");
            }
        });
        return true;
    }

    /// <summary>The hyperparameter that a parameter means: of the same name, or of the same in snake case.</summary>
    public static string? Find(IReadOnlyList<string> known, string parameter) =>
        known.FirstOrDefault(name => name == parameter) ?? known.FirstOrDefault(name => name == Naming.ToSnakeCase(parameter));

    /// <summary>What there is: the stage's own under their plain names, and all under their full names.</summary>
    public static List<string> Known(IReadOnlyList<HyperparameterDeclaration> own, IReadOnlyList<Stage> stages) =>
        own.Select(h => h.Name).Append(LearningRate).Concat(stages.SelectMany(s => s.Hyperparameters.Select(h => s.Qualify(h.Name)))).Distinct().ToList();

    /// <summary>What to say to those who ask for the shape of a parameter.</summary>
    private static string OfShape(IParameterSymbol parameter) => Shapes.Contains(parameter.Name.ToLowerInvariant())
        ? ". The shape of a parameter is there as rows, columns and elements"
        : "";

    private static string? WhyNotCarried(IMethodSymbol method, bool takesSums)
    {
        if (method.Parameters.FirstOrDefault(IsCarried) is not { } carried)
            return null;
        return !takesSums ? $"hands '{carried.Name}' from step to step (ref), which only a [PerStep] method can that a per-element method asks for"
            : HyperReader.AttributeOf(carried) is not null ? $"takes '{carried.Name}' as a hyperparameter ([Hyper]) that it changes (ref); leave one of the two out"
            : SumReader.Shapes.ContainsKey(carried.Name) ? $"changes '{carried.Name}' (ref), which is the parameter's shape; give what it hands from step to step another name"
            : null;
    }

    private static string? WrongSignature(IMethodSymbol method, INamedTypeSymbol optimizer)
    {
        if (Disapproval.IsForbidden(method, optimizer))
            return "is obsolete as an error, so that generated code cannot call it either";
        if (!method.IsStatic)
            return "must be static";
        if (method.IsGenericMethod)
            return "must not be generic";
        if (method.ReturnType.SpecialType != SpecialType.System_Double || method.ReturnsByRef || method.ReturnsByRefReadonly)
            return $"returns '{method.ReturnType.ToDisplayString()}'; it must return double";
        foreach (var parameter in method.Parameters)
        {
            var type = parameter.Name == Step ? SpecialType.System_Int64 : SpecialType.System_Double;
            if (parameter.Type.SpecialType != type || !(parameter.RefKind == RefKind.None || IsCarried(parameter)))
                return $"takes '{parameter.Name}' as '{parameter.Type.ToDisplayString()}'; it takes 'long step', and as double hyperparameters, sums and rows, columns, elements, and with ref numbers that a step hands to the next{OfShape(parameter)}";
        }

        return null;
    }
}
