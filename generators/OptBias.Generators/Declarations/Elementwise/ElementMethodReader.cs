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
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, parameter.ToDisplayString(TypeOnly));
        else if (Signals.TryGetValue(parameter.Name, out var signal))
            this.BindSignal(parameter, signal, hyper is not null || isState);
        else if (hyper is not null && isState)
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, "state and a hyperparameter at once");
        else if (isState)
            this.inputs.Add(new(InputKind.State, parameter.Name));
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

    private void BindHyper(IParameterSymbol parameter, AttributeData hyper)
    {
        if (HyperReader.Read(parameter, hyper, this.scope) is { } declared)
            this.hyperparameters.Add(declared);
        else
            this.failed = true;
        this.inputs.Add(new(InputKind.Hyper, Naming.ToSnakeCase(parameter.Name)));
    }

    private void BindPerStep(IParameterSymbol parameter)
    {
        var candidates = this.scope.Type.GetMembers().OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToList();
        var target = candidates.FirstOrDefault(m => PerStepReader.Is(m) && Naming.LowerFirst(m.Name) == parameter.Name);
        if (target is not null)
        {
            this.failed |= !PerStepReader.Check(target, this.hyperparameters, this.scope);
            this.hyperparameters.AddRange(PerStepReader.Hyperparameters(target, this.scope));
            this.inputs.Add(new(InputKind.PerStep, parameter.Name, PerStepReader.Call(target, this.scope)));
            return;
        }

        var unmarked = candidates.FirstOrDefault(m => Naming.LowerFirst(m.Name) == parameter.Name);
        var nearest = NearestName.Find(parameter.Name, Signals.Keys.Concat(candidates.Where(PerStepReader.Is).Select(m => Naming.LowerFirst(m.Name))));
        var hint = unmarked is not null ? $"; '{unmarked.Name}' has no [PerStep]" : nearest is not null ? $"; did you mean '{nearest}'?" : "";
        this.Report(parameter, Descriptors.UnknownParameter, parameter.Name, this.method.Name, hint);
    }

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

        var read = new ElementMethod
        {
            Name = this.method.Name,
            Inputs = this.inputs.ToEquatableArray(),
            Instructions = builder.Instructions.ToEquatableArray(),
            Locals = builder.Locals.ToEquatableArray(),
            States = this.inputs.Select((input, i) => (input, i)).Where(x => x.input.Kind == InputKind.State)
                .Select(x => new StateResult(x.i, end.Output(this.method.Parameters[x.i]))).ToEquatableArray(),
            Result = end.Result,
            Hyperparameters = this.hyperparameters.ToEquatableArray(),
        };
        foreach (var (input, why) in UnusedState.Of(read))
            this.scope.Report.ReportAt(Place(this.method.Parameters[input]), Descriptors.UnusedState, this.method.Parameters[input].Name, this.method.Name, why);
        return read;
    }

    private static SymbolDisplayFormat TypeOnly { get; } = new(
        parameterOptions: SymbolDisplayParameterOptions.IncludeModifiers | SymbolDisplayParameterOptions.IncludeType,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static LocationInfo? Place(ISymbol symbol) => LocationInfo.Of(symbol.Locations.FirstOrDefault());

    private void Report(ISymbol symbol, DiagnosticDescriptor descriptor, params string[] arguments)
    {
        this.failed = true;
        this.scope.Report.ReportAt(Place(symbol), descriptor, arguments);
    }
}
