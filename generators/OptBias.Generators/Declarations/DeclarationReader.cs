using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;
using OptBias.Generators.Lowering;

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

    /// <summary>Reads a class of the project that is compiled: its rule, and what the project must have for it.</summary>
    public static Reading Read(INamedTypeSymbol type, AttributeData optimizer, Compilation compilation, CancellationToken cancellation)
    {
        var reading = ReadRule(type, optimizer, compilation, cancellation);
        var missing = new List<DiagnosticInfo>();
        ProjectRules.Check(
            optimizer, RouteReader.HasLoops(type), compilation,
            new StageDiagnostics(missing) { Location = LocationInfo.Of(optimizer.ApplicationSyntaxReference) });
        return missing.Count == 0 ? reading : reading with
        {
            Diagnostics = missing.Concat(reading.Diagnostics).ToEquatableArray(),
            Header = ProjectRules.TakesPlaceholder(missing, compilation) ? HeaderOfPart(type, reading.Diagnostics) : null,
        };
    }

    /// <summary>Reads the rule alone: of a class that a route leads to, in this project or another.</summary>
    public static Reading ReadRule(INamedTypeSymbol type, AttributeData optimizer, Compilation compilation, CancellationToken cancellation)
    {
        var diagnostics = new List<DiagnosticInfo>();
        CheckClass(type, diagnostics, cancellation);
        DeclarationParts.Check(type, optimizer, diagnostics);

        var report = new StageDiagnostics(diagnostics) { Location = LocationInfo.Of(optimizer.ApplicationSyntaxReference) };
        var reading = new AttributeReading(optimizer);
        var scope = new ClassScope(type, compilation, report, cancellation) { IsBroken = reading.IsBroken };
        var learningRate = reading.Number("LearningRate", 1e-3);
        if (!reading.IsBroken && !HyperparameterRange.NonNegative.Contains(learningRate))
            report.ReportOutOfRange("Optimizer", "LearningRate", learningRate, HyperparameterRange.NonNegative);

        var stages = ReadStages(type, scope, report);
        var state = StateDeclaration.Read(type, isComposite: type.AttributesOf(RouteReader.RouteAttribute).Any(), scope);
        var routes = RouteReader.Read(type, stages.Count > 0, compilation, scope);
        var declaration = new OptimizerDeclaration
        {
            MetadataName = MetadataName(type),
            Namespace = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            Name = type.Name,
            ContainingTypes = Containers(type).Select(Header).ToEquatableArray(),
            IsPublic = Containers(type).Append(type).All(t => t.DeclaredAccessibility == Accessibility.Public),
            LearningRate = learningRate,
            State = state,
            Stages = stages,
            Routes = routes,
            HasOverloadPriority = compilation is CSharpCompilation { LanguageVersion: >= LanguageVersion.CSharp13 },
            SilencedWarnings = scope.Silenced.Concat(routes.SelectMany(route => route.SilencedWarnings))
                .Where(SyntaxFacts.IsValidIdentifier).Distinct(StringComparer.Ordinal).OrderBy(id => id, StringComparer.Ordinal).ToEquatableArray(),
        };
        ConstructorRules.Check(type, declaration.Hyperparameters.ToList(), report, cancellation);
        var rotation = PlaceOfRotation(type, stages);
        return new Reading(declaration, diagnostics.ToEquatableArray())
        {
            IsBroken = scope.IsBroken,
            Header = scope.IsBroken || diagnostics.Count > 0 || rotation is not null ? HeaderOfPart(type, diagnostics) : null,
            RotationPlace = rotation,
        };
    }

    /// <summary>Where a rotation stands that has stages above it; null in a class of another assembly, which was checked there.</summary>
    private static LocationInfo? PlaceOfRotation(INamedTypeSymbol type, EquatableArray<Stage> stages)
    {
        var rotation = type.DeclaringSyntaxReferences.IsEmpty ? -1 : Turning.RotationAmong(stages);
        return rotation < 1 ? null : LocationInfo.Of(StageAttributes(type).ElementAt(rotation).ApplicationSyntaxReference);
    }

    /// <summary>The attributes that are stages, top to bottom.</summary>
    public static IEnumerable<AttributeData> StageAttributes(INamedTypeSymbol type) =>
        type.GetAttributes().Where(attribute => attribute.FullName() is { } kind && StageCatalogue.Readers.ContainsKey(kind));

    private static EquatableArray<Stage> ReadStages(INamedTypeSymbol type, ClassScope scope, StageDiagnostics report)
    {
        var stages = new List<Stage>();
        var readings = new List<AttributeReading>();
        foreach (var attribute in StageAttributes(type))
        {
            var reading = new AttributeReading(attribute);
            stages.Add(StageCatalogue.Readers[attribute.FullName()!](reading) with { Name = reading.Name });
            readings.Add(reading);
        }

        for (var i = 0; i < stages.Count; i++)
        {
            scope.IsBroken |= readings[i].IsBroken;
            report.Location = readings[i].Location;
            if (!readings[i].IsBroken)
                stages[i] = stages[i].Bind(scope);
        }

        scope.CheckDeferred(stages);
        var owners = new Dictionary<string, Stage>(StringComparer.Ordinal);
        for (var i = 0; i < stages.Count; i++)
        {
            if (readings[i].IsBroken)
                continue;
            report.Location = readings[i].Location;
            foreach (var (option, value, allowed) in readings[i].Undefined)
                report.Report(Descriptors.UndefinedOption, stages[i].Kind, option, value, allowed);
            CheckStage(stages, i, owners, scope.IsBroken, report);
        }

        return stages.ToEquatableArray();
    }

    private static void CheckStage(List<Stage> stages, int index, Dictionary<string, Stage> owners, bool isBroken, StageDiagnostics report)
    {
        var stage = stages[index];
        if (stage.Name is { } name && !SyntaxFacts.IsValidIdentifier(name))
            report.Report(Descriptors.InvalidStageName, name, stage.Kind);
        if (stage.MustComeFirst && index > 0)
            report.Report(Descriptors.CoordinateChangeNotFirst, stage.Kind, stages[index - 1].Kind);

        var collides = false;
        foreach (var hyperparameter in stage.Hyperparameters)
        {
            if (!hyperparameter.Range.Contains(hyperparameter.Default) && !(isBroken && double.IsNaN(hyperparameter.Default)))
                report.ReportOutOfRange(stage.Kind, hyperparameter.Argument, hyperparameter.Default, hyperparameter.Range);

            var qualified = stage.Qualify(hyperparameter.Name);
            if (!owners.TryGetValue(qualified, out var owner))
                owners.Add(qualified, stage);
            else if (ReferenceEquals(owner, stage))
                report.Report(Descriptors.NameTaken, qualified, $"[{stage.Kind}] has a hyperparameter of that name already; rename the parameter with [Hyper], or leave [Hyper] out to use that one");
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
        if (type is { TypeKind: TypeKind.Class, BaseType: { SpecialType: not SpecialType.System_Object } baseType }
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
        type.TypeKind == TypeKind.Interface ? "an interface"
        : type.TypeKind == TypeKind.Struct ? (type.IsRecord ? "a record struct" : "a struct")
        : type.IsStatic ? "static"
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

    /// <summary>What a second part of a class with mistakes begins with; null where one would not compile, or not be a part of it.</summary>
    private static string? HeaderOfPart(INamedTypeSymbol type, IEnumerable<DiagnosticInfo> diagnostics) =>
        type.DeclaringSyntaxReferences.IsEmpty || diagnostics.Any(d => d.Id is "OB0001" or "OB0002" or "OB0003") || Containers(type).Append(type).Any(t => t.IsFileLocal) ? null : Header(type);

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
