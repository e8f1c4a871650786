using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Writes what a user of the optimizer sees: constructors, parameter groups, options, descriptor.</summary>
internal sealed class SurfaceEmitter(SourceWriter writer, OptimizerDeclaration declaration, IReadOnlyList<ProgramHyperparameter> hyperparameters)
{
    private const string Parameter = "global::TorchSharp.Modules.Parameter";
    private const string Sequence = "global::System.Collections.Generic.IEnumerable";

    public void Emit()
    {
        this.EmitConstructors();
        this.EmitMomentumInterfaces();
        this.EmitParamGroup();
        this.EmitOptions();
    }

    private void EmitConstructors()
    {
        var signature = string.Concat(hyperparameters.Select(h => $", {TypeOf(h)} {h.Name} = {Default(h)}")) + ", bool maximize = false";
        var arguments = string.Concat(hyperparameters.Select(h => ", " + h.Name)) + ", maximize";

        this.EmitConstructorComment();
        writer.Line($"public {declaration.Identifier}({Sequence}<{Parameter}> parameters{signature})");
        writer.Line($"    : this(({Sequence}<ParamGroup>)new[] {{ new ParamGroup(parameters) }}{arguments})");
        writer.Line("{");
        writer.Line("}");
        writer.Line();

        this.EmitInheritedComment("parameters with names, that messages call them by");
        writer.Line($"public {declaration.Identifier}({Sequence}<(string name, {Parameter} parameter)> named_parameters{signature})");
        writer.Line($"    : this(({Sequence}<ParamGroup>)new[] {{ new ParamGroup(named_parameters) }}{arguments})");
        writer.Line("{");
        writer.Line("}");
        writer.Line();

        this.EmitInheritedComment("groups of parameters, that may override hyperparameters");
        if (declaration.HasOverloadPriority)
            writer.Line("[global::System.Runtime.CompilerServices.OverloadResolutionPriority(1)] // [new(decay), new(others, ...)] are groups");
        writer.Line($"public {declaration.Identifier}({Sequence}<ParamGroup> parameters{signature})");
        writer.Line($"    : base(Plan, new Options {{ {this.OptionValues()} }}, parameters)");
        writer.Line("{");
        writer.Line("}");
        writer.Line();
    }

    private static string TypeOf(ProgramHyperparameter h) => h.Range.IsInteger ? "int" : "double";

    private static string Default(ProgramHyperparameter h) => h.Range.IsInteger ? Text.Integer((int)h.Default) : Text.Literal(h.Default);

    /// <summary>The other constructors have the same parameters but the first. Said once, the text is an eighth shorter, and so is the compiler's work on it.</summary>
    private void EmitInheritedComment(string of)
    {
        var types = string.Concat(hyperparameters.Select(h => ", " + TypeOf(h)));
        writer.Line($"/// <summary>Makes the optimizer for {of}.</summary>");
        writer.Line($"/// <inheritdoc cref=\"{declaration.Identifier}({Sequence}{{{Parameter}}}{types}, bool)\"/>");
    }

    private void EmitConstructorComment()
    {
        writer.Line("/// <summary>Makes the optimizer.</summary>");
        writer.Line("/// <param name=\"parameters\">The parameters to optimize.</param>");
        foreach (var h in hyperparameters)
            writer.Line($"/// <param name=\"{h.Name}\">{Text.Xml($"{h.Symbol.Unicode}: {h.Description}, in {h.Range}.")}</param>");
        writer.Line("/// <param name=\"maximize\">Ascends instead of descending: the gradient's sign is turned before anything else.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A hyperparameter is out of range; no parameter is given, one is given twice, or one is not real floating point.</exception>");
    }

    /// <summary>What describes the optimizer; it stands below the plan, whose value it takes.</summary>
    public void EmitDescriptor(string equations, string formulas, string cost, Action emitBias)
    {
        writer.Line("/// <summary>The optimizer as a value: its hyperparameters, equations and cost, and a way to make one by name.</summary>");
        using (writer.Open("public static global::OptBias.OptimizerDescriptor Descriptor { get; } = new()", "};"))
        {
            writer.Line($"Name = {Text.Quote(declaration.Name)},");
            writer.Line($"Type = typeof({declaration.Identifier}),");
            writer.Line("Hyperparameters = Plan.Hyperparameters,");
            writer.Line("Create = static (parameters, values) =>");
            writer.Line("{");
            writer.Line("    var h = Plan.ValuesOf(values);");

            // All parameters and their exact types: of all constructors that the class may have, this is the generated one.
            writer.Line($"    return new {declaration.Identifier}(({Sequence}<{Parameter}>)parameters, {string.Join(", ", hyperparameters.Select(h => (h.Range.IsInteger ? "(int)" : "") + $"h[{Text.Integer(h.Index)}]"))}, false);");
            writer.Line("},");
            writer.Line($"Equations = {equations},");
            writer.Line($"Formulas = {formulas},");
            writer.Line($"Cost = {cost},");
            writer.Line("Plan = Plan,");
            emitBias();
        }

        writer.Line();
        writer.Line("/// <summary>The update rule as LaTeX, one equation a line.</summary>");
        writer.Line("public static string Equations => Descriptor.Equations;");
        writer.Line();
        writer.Line("/// <summary>What a step costs for each element of a parameter.</summary>");
        writer.Line("public static global::OptBias.UpdateCost Cost => Descriptor.Cost;");
    }

    /// <summary>TorchSharp's cyclic schedulers turn the momentum too, where they find one.</summary>
    private static IEnumerable<string> MomentumInterfaces(IReadOnlyList<ProgramHyperparameter> hyperparameters)
    {
        var names = hyperparameters.Select(h => h.Name).ToList();
        if (MomentumOf(hyperparameters) is not null)
            yield return "global::TorchSharp.torch.optim.IMomentum";
        else if (names.Contains("beta1"))
            yield return "global::TorchSharp.torch.optim.IBetas";
    }

    /// <summary>The hyperparameter that is a momentum by itself; β₁ is one where there is no β₂ beside it.</summary>
    private static string? MomentumOf(IReadOnlyList<ProgramHyperparameter> hyperparameters)
    {
        var names = hyperparameters.Select(h => h.Name).ToList();
        return names.Contains("momentum") ? "momentum" : names.Contains("beta1") && !names.Contains("beta2") ? "beta1" : null;
    }

    public static string InterfaceList(IReadOnlyList<ProgramHyperparameter> hyperparameters) => string.Concat(MomentumInterfaces(hyperparameters).Select(i => ", " + i));

    private void EmitMomentumInterfaces()
    {
        foreach (var kind in MomentumInterfaces(hyperparameters))
        {
            this.EmitMomentumProperty(kind, "((Options)this._defaults)", everyGroup: true);
            writer.Line();
        }
    }

    private void EmitMomentumProperty(string kind, string options, bool everyGroup)
    {
        var momentum = kind.EndsWith("IMomentum", StringComparison.Ordinal) ? MomentumOf(hyperparameters) : null;
        writer.Line("/// <inheritdoc/>");
        using (writer.Open(momentum is not null ? "public double Momentum" : "public (double, double) Betas"))
        {
            writer.Line(momentum is not null
                ? $"get => {options}.{momentum}!.Value;"
                : $"get => ({options}.beta1!.Value, {options}.beta2!.Value);");
            using (writer.Open("set"))
            {
                writer.Line(Setting(options));
                if (everyGroup)
                {
                    using (writer.Open("foreach (var group in this._parameter_groups)"))
                        writer.Line(Setting("((Options)group.Options)"));
                }
            }
        }

        // Both betas or neither: a refused one leaves the other as it was.
        string Setting(string target) => momentum is not null
            ? $"{target}.{momentum} = value;"
            : $"{target}.SetBoth({PlaceOf("beta1")}, value.Item1, {PlaceOf("beta2")}, value.Item2);";

        string PlaceOf(string name) => Text.Integer(hyperparameters.Single(h => h.Name == name).Index);
    }

    public void EmitParamGroup()
    {
        writer.Line("/// <summary>Parameters that share hyperparameters; those that its options leave null are the optimizer's own.</summary>");
        using (writer.Open($"public sealed class ParamGroup : global::OptBias.DeclaredParamGroup<Options>{InterfaceList(hyperparameters)}"))
        {
            writer.Line("/// <summary>A group whose parameters and options are set afterwards.</summary>");
            writer.Line("public ParamGroup()");
            writer.Line("    : base(new Options())");
            writer.Line("{");
            writer.Line("}");
            this.EmitGroupConstructors("parameters", Parameter, "A group of parameters");
            this.EmitGroupConstructors("named_parameters", $"(string name, {Parameter} parameter)", "A group of parameters with names for messages");
            foreach (var kind in MomentumInterfaces(hyperparameters))
            {
                writer.Line();
                this.EmitMomentumProperty(kind, "this.Options", everyGroup: false);
            }
        }

        writer.Line();
    }

    /// <summary>As TorchSharp's groups: with options, or with hyperparameters by name.</summary>
    private void EmitGroupConstructors(string parameters, string type, string summary)
    {
        writer.Line();
        writer.Line($"/// <summary>{summary}.</summary>");
        writer.Line($"public ParamGroup({Sequence}<{type}> {parameters}, Options? options)");
        writer.Line($"    : base({parameters}, options ?? new Options())");
        writer.Line("{");
        writer.Line("}");
        writer.Line();
        writer.Line($"/// <summary>{summary}; hyperparameters that are not given are the optimizer's own.</summary>");
        writer.Line($"public ParamGroup({Sequence}<{type}> {parameters}{string.Concat(hyperparameters.Select(h => $", {TypeOf(h)}? {h.Name} = null"))}, bool? maximize = null)");
        writer.Line($"    : base({parameters}, new Options {{ {this.OptionValues()} }})");
        writer.Line("{");
        writer.Line("}");
    }

    /// <summary>What gives options the values of parameters that are called like the hyperparameters.</summary>
    private string OptionValues() => string.Concat(hyperparameters.Select(h => $"{(h.Index == 0 ? "LearningRate" : h.Name)} = {h.Name}, ")) + "maximize = maximize";

    public void EmitOptions()
    {
        writer.Line("/// <summary>The hyperparameters of a group.</summary>");
        using (writer.Open("public sealed class Options : global::OptBias.DeclaredOptions"))
        {
            writer.Line("/// <summary>Options that override nothing.</summary>");
            writer.Line("public Options()");
            writer.Line("    : base(Plan)");
            writer.Line("{");
            writer.Line("}");
            foreach (var h in hyperparameters.Skip(1))
            {
                writer.Line();
                writer.Line($"/// <summary>{Text.Xml($"{h.Symbol.Unicode}: {h.Description}, in {h.Range}.")}</summary>");
                writer.Line($"public {TypeOf(h)}? {h.Name} {{ get => {(h.Range.IsInteger ? "(int?)" : "")}this[{Text.Integer(h.Index)}]; set => this[{Text.Integer(h.Index)}] = value; }}");
            }
        }
    }
}
