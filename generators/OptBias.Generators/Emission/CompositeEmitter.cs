using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Writes a composite: one optimizer whose parameters follow the rules of others.</summary>
internal static class CompositeEmitter
{
    public static string Emit(OptimizerDeclaration declaration)
    {
        var writer = new SourceWriter();
        var hyperparameters = Hyperparameters(declaration);
        FileHeader.Write(writer, declaration);
        using (var scope = new TypeScope(writer, declaration))
        {
            EmitRemarks(writer, declaration);
            FileHeader.WriteGeneratedCode(writer);
            scope.Open($"partial class {declaration.Identifier} : global::OptBias.DeclaredOptimizer{SurfaceEmitter.InterfaceList(hyperparameters)}");
            var surface = new SurfaceEmitter(writer, declaration, hyperparameters);
            surface.Emit();
            writer.Line();
            EmitPlan(writer, declaration, hyperparameters);
            writer.Line();
            surface.EmitDescriptor(
                Join(declaration, r => $"\\text{{{Naming.ToLatex(r.Name)}, {Naming.ToLatex(Description(r))}:}}", "Equations"),
                Join(declaration, r => $"{r.Name}, {Description(r)}:", "Formulas"),
                $"global::OptBias.UpdateCost.Largest({string.Join(", ", declaration.Routes.Select(r => r.TypeName + ".Descriptor.Cost"))})",
                () => writer.Line($"Bias = global::OptBias.OptimizerBias.Of({string.Join(", ", declaration.Routes.Select(r => $"(global::OptBias.ParameterShape.{r.When}, {r.TypeName}.Descriptor.Bias{(r.Names is null ? "" : $".ForNames({Text.Quote(r.Names)})")})"))}),"));
        }

        return writer.ToString();
    }

    /// <summary>The equations of all routes below each other, each under its title.</summary>
    private static string Join(OptimizerDeclaration declaration, Func<RouteDeclaration, string> title, string property) =>
        string.Join(" + \"\\n\" + ", declaration.Routes.Select(r => $"{Text.Quote(title(r) + "\n")} + {r.TypeName}.Descriptor.{property}"));

    /// <summary>All hyperparameters: those of the first route, then those of the others with their prefix.</summary>
    private static List<ProgramHyperparameter> Hyperparameters(OptimizerDeclaration declaration) => declaration.Routes
        .SelectMany(route => route.Hyperparameters.Select(h => (route, h)))
        .Select((x, index) => new ProgramHyperparameter(
            x.route.Prefix + x.h.Name, x.h.Default, x.h.Range, x.h.Symbol, $"{x.h.Description} of {x.route.Name}", index))
        .ToList();

    private static void EmitRemarks(SourceWriter writer, OptimizerDeclaration declaration)
    {
        writer.Line("/// <remarks>");
        writer.Line($"/// Each parameter follows the first rule that takes its shape{(declaration.Routes.Any(r => r.Names is not null) ? " and name" : "")}:");
        writer.Line("/// <list type=\"bullet\">");
        foreach (var route in declaration.Routes)
            writer.Line($"/// <item>{Text.Xml(Description(route))}: <see cref=\"{route.TypeName}\"/></item>");
        writer.Line("/// </list>");
        writer.Line("/// </remarks>");
    }

    private static void EmitPlan(SourceWriter writer, OptimizerDeclaration declaration, IReadOnlyList<ProgramHyperparameter> hyperparameters)
    {
        writer.Line("/// <summary>Which rule a parameter follows.</summary>");
        using (writer.Open("private static readonly global::OptBias.Kernels.UpdatePlan Plan = new()", "};"))
        {
            writer.Line($"Name = {Text.Quote(declaration.Name)},");
            HyperparameterText.WriteArray(writer, hyperparameters);
            using (writer.Open("Routes = new global::OptBias.Kernels.PlanRoute[]", "},"))
            {
                var first = 0;
                foreach (var route in declaration.Routes)
                {
                    writer.Line($"new(global::OptBias.ParameterShape.{route.When.ToString()}, {route.TypeName}.Descriptor.Plan, FirstHyperparameter: {Text.Integer(first)}){(route.Names is null ? "" : $" {{ Names = new({Text.Quote(route.Names)}) }}")},");
                    first += route.Hyperparameters.Count;
                }
            }
        }
    }

    private static string Description(RouteDeclaration route) => route.Names is null ? Description(route.When)
        : $"{(route.When == ParameterShape.Any ? "parameters" : Description(route.When))} called {route.Names}";

    private static string Description(ParameterShape shape) => shape switch
    {
        ParameterShape.Vector => "vectors and scalars",
        ParameterShape.Matrix => "matrices and kernels",
        ParameterShape.Kernel => "kernels",
        _ => "all that are left",
    };
}
