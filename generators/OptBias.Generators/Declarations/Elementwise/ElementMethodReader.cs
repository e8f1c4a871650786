using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>Finds the method that <c>[Elementwise]</c> names, binds its parameters, and has its body read.</summary>
internal sealed class ElementMethodReader
{
    private static readonly Dictionary<string, InputKind> Signals = new(StringComparer.Ordinal)
    {
        ["update"] = InputKind.Update,
        ["gradient"] = InputKind.Gradient,
        ["parameter"] = InputKind.Parameter,
    };

    private readonly ClassScope scope;
    private readonly IMethodSymbol method;
    private readonly List<ElementInput> inputs = new();
    private readonly List<HyperparameterDeclaration> hyperparameters = new();
    private readonly Dictionary<string, IParameterSymbol> brought = new(StringComparer.Ordinal);
    private bool failed;

    private ElementMethodReader(ClassScope scope, IMethodSymbol method)
    {
        this.scope = scope;
        this.method = method;
    }

    /// <summary>The method as values; null, with a diagnostic, where it is none.</summary>
    public static ElementMethod? Read(string name, ClassScope scope)
    {
        var methods = scope.Type.GetMembers(name).OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToList();
        if (methods.Count == 0)
        {
            var known = scope.Type.GetMembers().OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary && !m.IsImplicitlyDeclared).Select(m => m.Name);
            scope.Report.Report(Descriptors.MethodNotFound, name, scope.Type.Name, NearestName.Find(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : "");
            return null;
        }

        return methods.Count == 1 ? new ElementMethodReader(scope, methods[0]).Read() : Overloaded(methods[1], scope);
    }

    private static ElementMethod? Overloaded(IMethodSymbol second, ClassScope scope)
    {
        scope.Report.ReportAt(Place(second), Descriptors.WrongSignature, second.Name, "has overloads; give this one another name");
        return null;
    }

    private ElementMethod? Read()
    {
        if (!this.method.IsStatic)
            this.Report(this.method, Descriptors.NotStatic, this.method.Name);
        else if (this.WrongSignature() is { } wrong)
            this.Report(this.method, Descriptors.WrongSignature, this.method.Name, wrong);
        foreach (var parameter in this.method.Parameters)
            this.Bind(parameter);
        return this.failed ? null : this.method.DeclaringSyntaxReferences.IsEmpty ? this.Compiled() : this.ReadBody();
    }

    private string? WrongSignature() =>
        this.method.IsGenericMethod ? "is generic; a per-element method has one type of number"
        : this.method.ReturnType.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double) || this.method.ReturnsByRef || this.method.ReturnsByRefReadonly
            ? $"returns '{this.method.ReturnType.ToDisplayString()}'; a per-element method returns float or double"
        : this.method.IsExtern || this.method is { IsPartialDefinition: true, PartialImplementationPart: null } ? "has no body"
        : null;

    private void Bind(IParameterSymbol parameter)
    {
        var hyper = HyperReader.AttributeOf(parameter);
        var isState = parameter.RefKind == RefKind.Ref;
        if (parameter.Type.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double) || !(isState || parameter.RefKind == RefKind.None))
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, $"has the type '{TypeOf(parameter)}'; it must be float or double, with ref for state");
        else if (Signals.TryGetValue(parameter.Name, out var signal))
            this.BindSignal(parameter, signal, hyper is not null || isState);
        else if (hyper is not null && isState)
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, "is state (ref) and a hyperparameter ([Hyper]) at once; leave one of the two out");
        else if (isState)
            this.BindState(parameter);
        else if (hyper is not null)
            this.BindHyper(parameter, hyper);
        else
            this.BindPerStep(parameter);
    }

    private void BindSignal(IParameterSymbol parameter, InputKind signal, bool isMore)
    {
        if (isMore)
            this.Report(parameter, Descriptors.NameTaken, parameter.Name, "it is the name of a signal, which is neither state nor a hyperparameter");
        this.inputs.Add(new(signal, parameter.Name));
    }

    private void BindState(IParameterSymbol parameter)
    {
        var name = Naming.ToSnakeCase(parameter.Name);
        if (this.inputs.FirstOrDefault(input => input.Kind == InputKind.State && Naming.ToSnakeCase(input.Name) == name) is { } first)
            this.Report(parameter, Descriptors.NameTaken, parameter.Name, $"'{first.Name}' of the same method is state called '{name}' too, since state is named in snake case; rename one of the two");
        this.inputs.Add(new(InputKind.State, parameter.Name));
    }

    private void BindHyper(IParameterSymbol parameter, AttributeData hyper)
    {
        this.Add(parameter, HyperReader.Read(parameter, hyper, this.scope));
        this.inputs.Add(new(InputKind.Hyper, Naming.ToSnakeCase(parameter.Name)));
    }

    /// <summary>Adds a hyperparameter that a parameter of the method, or of a <c>[PerStep]</c> method that it asks for, brings with it.</summary>
    private void Add(IParameterSymbol parameter, HyperparameterDeclaration? declared)
    {
        this.failed |= declared is null;
        if (declared is null)
            return;
        if (this.brought.TryGetValue(declared.Name, out var first))
        {
            this.Report(
                parameter, Descriptors.NameTaken, parameter.Name,
                $"'{first.Name}' of '{first.ContainingSymbol.Name}' is a hyperparameter called '{declared.Name}' too, since hyperparameters are named in snake case; rename one of the two"
                    + (PerStepReader.Is((IMethodSymbol)parameter.ContainingSymbol) ? ", or leave [Hyper] out here to use that one" : ""));
            return;
        }

        this.brought.Add(declared.Name, parameter);
        this.hyperparameters.Add(declared);
    }

    private void BindPerStep(IParameterSymbol parameter)
    {
        var candidates = this.scope.Type.GetMembers().OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToList();
        var target = candidates.FirstOrDefault(m => PerStepReader.Is(m) && Naming.LowerFirst(m.Name) == parameter.Name);
        if (target is not null)
        {
            this.failed |= !PerStepReader.Check(target, this.hyperparameters, this.scope);
            foreach (var (hyper, declared) in PerStepReader.Hyperparameters(target, this.scope))
                this.Add(hyper, declared);
            this.inputs.Add(new(InputKind.PerStep, parameter.Name, PerStepReader.Call(target, this.scope)));
            return;
        }

        var unmarked = candidates.FirstOrDefault(m => Naming.LowerFirst(m.Name) == parameter.Name);
        var nearest = NearestName.Find(parameter.Name, Signals.Keys.Concat(candidates.Where(PerStepReader.Is).Select(m => Naming.LowerFirst(m.Name))));
        var hint = unmarked is not null ? $"; '{unmarked.Name}' has no [PerStep]" : nearest is not null ? $"; did you mean '{nearest}'?" : "";
        this.failed = true;
        this.scope.Later(stages => this.Report(
            parameter, Descriptors.UnknownParameter, parameter.Name, this.method.Name, this.HintOfHyperparameter(parameter.Name, stages) ?? hint));
    }

    /// <summary>What to write where a hyperparameter of another stage is asked for: only <c>[PerStep]</c> methods get those.</summary>
    private string? HintOfHyperparameter(string name, IReadOnlyList<Stage> stages) => PerStepReader.Find(PerStepReader.Known(this.hyperparameters, stages), name) is { } known
        ? $"; '{known}' is a hyperparameter, and only a [PerStep] method can ask for one of another stage: write [PerStep] static double Current{Naming.ToPascalCase(known)}(long step, double {known}) => {known}; and ask for 'current{Naming.ToPascalCase(known)}'"
        : null;

    /// <summary>A method of another assembly, whose class a route may lead to: compiled there, of interest here for its hyperparameters.</summary>
    private ElementMethod Compiled() => new()
    {
        Name = this.method.Name,
        Inputs = this.inputs.ToEquatableArray(),
        Instructions = EquatableArray<Instruction>.Empty,
        Locals = EquatableArray<string>.Empty,
        States = EquatableArray<StateResult>.Empty,
        Result = -1,
        Hyperparameters = this.hyperparameters.ToEquatableArray(),
    };

    private ElementMethod? ReadBody()
    {
        var builder = new InstructionBuilder();
        var body = new ElementBodyReader(this.scope, builder);
        var arguments = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        for (var i = 0; i < this.inputs.Count; i++)
            arguments.Add(this.method.Parameters[i], builder.Load(i));
        var end = body.Read(this.method, arguments);
        if (body.HasFailed)
            return null;

        // What is returned may take selections of its own; after that the list is complete.
        var result = end.Result(builder);
        var states = this.inputs.Select((input, i) => (input, i)).Where(x => x.input.Kind == InputKind.State)
            .Select(x => new StateResult(x.i, end.Output(this.method.Parameters[x.i], builder))).ToEquatableArray();
        return new ElementMethod
        {
            Name = this.method.Name,
            Inputs = this.inputs.ToEquatableArray(),
            Instructions = builder.Instructions.ToEquatableArray(),
            Locals = builder.Locals.ToEquatableArray(),
            States = states,
            Result = result,
            Hyperparameters = this.hyperparameters.ToEquatableArray(),
        };
    }

    private static string TypeOf(IParameterSymbol parameter) => (parameter.RefKind switch
    {
        RefKind.None => "",
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        _ => "ref readonly ",
    }) + parameter.Type.ToDisplayString();

    private static LocationInfo? Place(ISymbol symbol) => LocationInfo.Of(symbol.Locations.FirstOrDefault());

    private void Report(ISymbol symbol, DiagnosticDescriptor descriptor, params string[] arguments)
    {
        this.failed = true;
        this.scope.Report.ReportAt(Place(symbol), descriptor, arguments);
    }
}
