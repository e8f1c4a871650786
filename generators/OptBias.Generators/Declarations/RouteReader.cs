using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>Reads the <c>[Route]</c> attributes of a class, and of the classes that they name what they bring.</summary>
internal static class RouteReader
{
    public const string RouteAttribute = "OptBias.RouteAttribute";

    public static EquatableArray<RouteDeclaration> Read(INamedTypeSymbol type, bool hasStages, Compilation compilation, ClassScope scope)
    {
        var report = scope.Report;
        var routes = new List<RouteDeclaration>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attribute in type.AttributesOf(RouteAttribute))
        {
            var reading = new AttributeReading(attribute);
            report.Location = reading.Location;
            if (routes.Count == 0 && hasStages)
                report.Report(Descriptors.RouteAmongStages, type.Name);
            if (reading.IsBroken || Target(attribute) is { TypeKind: TypeKind.Error })
            {
                scope.IsBroken = true;
                continue;
            }

            if (Target(attribute) is not { } target || OptimizerOf(target) is not { } optimizer)
            {
                report.Report(Descriptors.RouteToNoOptimizer, Target(attribute)?.Name ?? "null", "which is not declared as an optimizer; name a class with [Optimizer]");
                continue;
            }

            if (SymbolEqualityComparer.Default.Equals(target, type) || target.AttributesOf(RouteAttribute).Any())
            {
                report.Report(Descriptors.RouteToComposite, target.Name);
                continue;
            }

            var read = DeclarationReader.ReadRule(target, optimizer, compilation, scope.Cancellation).Checked();
            if (Disapproval.IsForbidden(target, type))
            {
                report.Report(Descriptors.RouteToNoOptimizer, target.Name, "which is obsolete as an error, so that generated code cannot use it either");
                continue;
            }

            if (read is not { IsClean: true, Declaration: { } declaration })
            {
                report.Report(Descriptors.RouteToNoOptimizer, target.Name, WhyNotClean(target, read));
                continue;
            }

            if (!ProjectRules.CheckAliases([target.ContainingAssembly], compilation, report))
                continue;
            if (reading.Name is { } way && !SyntaxFacts.IsValidIdentifier(way))
                report.Report(Descriptors.InvalidStageName, way, "Route");
            var prefix = routes.Count == 0 ? "" : (reading.Name is { } name ? Naming.ToSnakeCase(name) : target.Name.ToLowerInvariant()) + "_";
            var route = new RouteDeclaration(
                target.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
                target.Name,
                reading.Choice<ParameterShape>("When"),
                Patterns(reading),
                prefix,
                declaration.Hyperparameters.ToEquatableArray(),
                Disapproval.Of(target, type).ToEquatableArray());
            if (reading.Has("Names") && route.Names is null)
                report.Report(Descriptors.EmptyNames, target.Name);
            if (routes.Any(r => (r.When == ParameterShape.Any || r.When == route.When) && (r.Names is null || r.Names == route.Names)))
                report.Report(Descriptors.UnreachableRoute, target.Name);
            if (route.Hyperparameters.Select(h => prefix + h.Name).FirstOrDefault(n => !taken.Add(n)) is { } twice)
                report.Report(Descriptors.NameCollision, twice, "Route", "Route");
            routes.Add(route);
        }

        return routes.ToEquatableArray();
    }

    /// <summary>The patterns of names, without what separates them; null if there are none.</summary>
    private static string? Patterns(AttributeReading reading)
    {
        var patterns = (reading.Text("Names") ?? "").Split(',').Select(pattern => pattern.Trim()).Where(pattern => pattern.Length > 0).ToList();
        return patterns.Count == 0 ? null : string.Join(", ", patterns);
    }

    /// <summary>What is wrong with a target. Of a class of another assembly the compiler sees only what is visible from here.</summary>
    private static string WhyNotClean(INamedTypeSymbol target, Reading read)
    {
        var errors = read.Errors.ToList();
        if (target.DeclaringSyntaxReferences.IsEmpty && errors.FirstOrDefault(d => d.Id is "OB0040" or "OB0044" or "OB0047") is { } unseen)
        {
            var method = unseen.Id == "OB0044" ? Naming.ToPascalCase(unseen.Arguments[0]) : unseen.Arguments[0];
            return $"whose method '{method}' is private or internal in '{target.ContainingAssembly.Name}', so its hyperparameters cannot be read from here; make the method public there";
        }

        var ids = string.Join(", ", errors.Select(d => d.Id).Distinct().OrderBy(id => id, StringComparer.Ordinal));
        return ids.Length == 0 ? "whose declaration does not compile" : $"whose declaration has errors ({ids}); mend those first";
    }

    /// <summary>Whether the project of a class has a loop for it: its own, or that of a class of the same project that it routes to.</summary>
    public static bool HasLoops(INamedTypeSymbol type)
    {
        var targets = type.AttributesOf(RouteAttribute).Select(Target).ToList();
        return targets.Count == 0 || targets.Any(target => SymbolEqualityComparer.Default.Equals(target?.ContainingAssembly, type.ContainingAssembly));
    }

    private static INamedTypeSymbol? Target(AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0].Value as INamedTypeSymbol : null;

    private static AttributeData? OptimizerOf(INamedTypeSymbol type) =>
        type.AttributesOf(DeclarationReader.OptimizerAttribute).FirstOrDefault();
}
