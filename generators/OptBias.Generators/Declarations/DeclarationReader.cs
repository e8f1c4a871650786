using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>
/// Reads a class with <c>[Optimizer]</c> into an <see cref="OptimizerDeclaration"/>. The generator and the analyzer run the
/// same reader; the one takes its declaration, the other its diagnostics. It is the last place that sees a symbol.
/// </summary>
internal static class DeclarationReader
{
    public const string OptimizerAttribute = "OptBias.OptimizerAttribute";

    /// <summary>Names as they are in metadata, without the <c>@</c> that source text may need.</summary>
    private static readonly SymbolDisplayFormat Plain =
        SymbolDisplayFormat.CSharpErrorMessageFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    public static Reading Read(INamedTypeSymbol type, AttributeData optimizer, Compilation compilation, CancellationToken cancellation)
    {
        var diagnostics = new List<DiagnosticInfo>();
        CheckClass(type, diagnostics, cancellation);

        var report = new StageDiagnostics(diagnostics) { Location = LocationInfo.Of(optimizer.ApplicationSyntaxReference) };
        var learningRate = new AttributeReading(optimizer).Number("LearningRate", 1e-3);
        if (!HyperparameterRange.NonNegative.Contains(learningRate))
            report.ReportOutOfRange("Optimizer", "LearningRate", learningRate, HyperparameterRange.NonNegative);

        var stages = ReadStages(type, new ClassScope(type, compilation, report, cancellation), report);
        var state = StateDeclaration.Read(type, isComposite: type.AttributesOf(RouteReader.RouteAttribute).Any(), report);
        return new Reading(
            new OptimizerDeclaration
            {
                MetadataName = MetadataName(type),
                Namespace = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
                Name = type.Name,
                ContainingTypes = Containers(type).Select(Header).ToEquatableArray(),
                IsPublic = Containers(type).Append(type).All(t => t.DeclaredAccessibility == Accessibility.Public),
                LearningRate = learningRate,
                State = state,
                Stages = stages,
                Routes = RouteReader.Read(type, stages.Count > 0, compilation, report, cancellation),
            },
            diagnostics.ToEquatableArray());
    }

    private static EquatableArray<Stage> ReadStages(INamedTypeSymbol type, ClassScope scope, StageDiagnostics report)
    {
        var stages = new List<Stage>();
        var readings = new List<AttributeReading>();
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.FullName() is { } kind && StageCatalogue.Readers.TryGetValue(kind, out var read))
            {
                var reading = new AttributeReading(attribute);
                stages.Add(read(reading) with { Name = reading.Name });
                readings.Add(reading);
            }
        }

        for (var i = 0; i < stages.Count; i++)
        {
            report.Location = readings[i].Location;
            stages[i] = stages[i].Bind(scope);
        }

        scope.CheckDeferred(stages);
        var owners = new Dictionary<string, Stage>(StringComparer.Ordinal);
        for (var i = 0; i < stages.Count; i++)
        {
            report.Location = readings[i].Location;
            foreach (var (option, value, allowed) in readings[i].Undefined)
                report.Report(Descriptors.UndefinedOption, stages[i].Kind, option, value, allowed);
            CheckStage(stages, i, owners, report);
        }

        return stages.ToEquatableArray();
    }

    private static void CheckStage(List<Stage> stages, int index, Dictionary<string, Stage> owners, StageDiagnostics report)
    {
        var stage = stages[index];
        if (stage.Name is { } name && !SyntaxFacts.IsValidIdentifier(name))
            report.Report(Descriptors.InvalidStageName, name, stage.Kind);
        if (stage.MustComeFirst && index > 0)
            report.Report(Descriptors.CoordinateChangeNotFirst, stage.Kind, stages[index - 1].Kind);

        var collides = false;
        foreach (var hyperparameter in stage.Hyperparameters)
        {
            if (!hyperparameter.Range.Contains(hyperparameter.Default))
                report.ReportOutOfRange(stage.Kind, hyperparameter.Argument, hyperparameter.Default, hyperparameter.Range);

            var qualified = stage.Qualify(hyperparameter.Name);
            if (!owners.TryGetValue(qualified, out var owner))
                owners.Add(qualified, stage);
            else if (!collides)
                report.Report(Descriptors.NameCollision, qualified, stage.Kind, owner.Kind);
            collides |= owner is not null;
        }

        stage.Check(report);
        stage.CheckPlace(stages, index, report);
        PlaceRules.ReportScalingWithoutEffect(stages, index, report);
    }

    private static void CheckClass(INamedTypeSymbol type, List<DiagnosticInfo> diagnostics, CancellationToken cancellation)
    {
        void Report(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
            diagnostics.Add(new DiagnosticInfo(descriptor.Id, LocationInfo.Of(location), arguments.ToEquatableArray()));

        var place = type.Locations.FirstOrDefault();
        if (!IsPartial(type, cancellation))
            Report(Descriptors.NotPartial, place, type.Name);
        if (type.IsGenericType)
            Report(Descriptors.Generic, place, type.Name);
        if (WhyNotOrdinary(type, cancellation) is { } why)
            Report(Descriptors.WrongKindOfClass, place, type.Name, why);
        if (type.BaseType is { SpecialType: not SpecialType.System_Object } baseType
            && baseType.ToDisplayString() != "OptBias.DeclaredOptimizer")
            Report(Descriptors.HasBaseClass, place, type.Name, baseType.ToDisplayString());

        foreach (var taken in Taken(type, cancellation))
            Report(Descriptors.NameTaken, taken.Locations.FirstOrDefault(), taken.Name, "the generated half of the class has a member of that name");

        foreach (var container in Containers(type))
        {
            if (!IsPartial(container, cancellation))
                Report(Descriptors.ContainerNotPartial, container.Locations.FirstOrDefault(), container.Name, type.Name);
            if (container.IsGenericType)
                Report(Descriptors.Generic, container.Locations.FirstOrDefault(), container.Name);
        }
    }

    private static string? WhyNotOrdinary(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.IsStatic ? "static"
        : type.IsAbstract ? "abstract"
        : type.IsRecord ? "a record"
        : Containers(type).Append(type).Any(t => t.IsFileLocal) ? "local to its file, and the generated half has another"
        : type.DeclaringSyntaxReferences.Any(r => r.GetSyntax(cancellation) is TypeDeclarationSyntax { ParameterList: not null }) ? "declared with parameters, and the constructors are generated"
        : null;

    /// <summary>Whether a second part can be added. A class of another assembly, which a route may lead to, has its second part already.</summary>
    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences.IsEmpty || type.DeclaringSyntaxReferences.Any(r =>
            r.GetSyntax(cancellation) is TypeDeclarationSyntax syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>The class, and members that its user wrote, whose names the generated half needs. To an analyzer the class has that half.</summary>
    private static IEnumerable<ISymbol> Taken(INamedTypeSymbol type, CancellationToken cancellation) => type.GetMembers()
        .Prepend(type)
        .Where(symbol => GeneratedMembers.Contains(symbol.Name) && symbol.DeclaringSyntaxReferences.Any(r => !GeneratedMembers.IsInGeneratedHalf(r.GetSyntax(cancellation))));

    /// <summary>The types that hold this one, outermost first.</summary>
    private static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        var containers = new Stack<INamedTypeSymbol>();
        for (var container = type.ContainingType; container is not null; container = container.ContainingType)
            containers.Push(container);
        return containers;
    }

    private static string Header(INamedTypeSymbol type) =>
        "partial " + (type.IsRecord ? "record " : "") + (type.TypeKind switch
        {
            TypeKind.Struct => "struct ",
            TypeKind.Interface => "interface ",
            _ => type.IsRecord ? "" : "class ",
        }) + Naming.EscapeType(type.Name);

    private static string MetadataName(INamedTypeSymbol type)
    {
        var name = string.Join("+", Containers(type).Append(type).Select(t => t.MetadataName));
        return type.ContainingNamespace.IsGlobalNamespace ? name : type.ContainingNamespace.ToDisplayString(Plain) + "." + name;
    }
}
