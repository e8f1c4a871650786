using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

/// <summary>Finds the method that <c>[Elementwise]</c> or <c>[EvaluateAt]</c> names, binds its parameters, and has its body read.</summary>
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
    private readonly List<HyperparameterDeclaration> hyperparameters;
    private readonly Dictionary<string, IParameterSymbol> brought;
    private readonly Dictionary<string, IMethodSymbol> carried = new(StringComparer.Ordinal);
    private readonly ElementMethodReader? asking;

    /// <summary>The state that the method of a point may read; null where the method is no such one.</summary>
    private readonly IReadOnlyList<string>? kept;
    private bool failed;

    /// <param name="scope">The class.</param>
    /// <param name="method">The method.</param>
    /// <param name="asking">The method that asks for this one's sum; null for a stage's own.</param>
    /// <param name="kept">The state that the method of a point may read.</param>
    private ElementMethodReader(ClassScope scope, IMethodSymbol method, ElementMethodReader? asking = null, IReadOnlyList<string>? kept = null)
    {
        this.scope = scope;
        this.method = method;
        this.asking = asking;
        this.kept = kept;
        this.hyperparameters = asking?.hyperparameters ?? [];
        this.brought = asking?.brought ?? new(StringComparer.Ordinal);
    }

    /// <summary>The method of the stage, which state belongs to.</summary>
    private ElementMethodReader Stage => this.asking?.Stage ?? this;

    /// <summary>The method as values; null, with a diagnostic, where it is none.</summary>
    public static ElementMethod? Read(string name, ClassScope scope) => Read(name, scope, "Elementwise", kept: null);

    /// <summary>The method of the point at which one evaluates; null, with a diagnostic, where it is none.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="scope">The class.</param>
    /// <param name="kept">The state that it may read, by its names in state dicts.</param>
    public static ElementMethod? ReadPoint(string name, ClassScope scope, IReadOnlyList<string> kept) => Read(name, scope, "EvaluateAt", kept);

    /// <summary>What the method of that name remembers of each element, by its names in C#.</summary>
    public static IEnumerable<string> StateOf(string name, ClassScope scope) =>
        scope.Type.GetMembers(name).OfType<IMethodSymbol>().SelectMany(method => method.Parameters).Where(parameter => parameter.RefKind == RefKind.Ref).Select(parameter => parameter.Name);

    private static ElementMethod? Read(string name, ClassScope scope, string attribute, IReadOnlyList<string>? kept)
    {
        var methods = scope.Type.GetMembers(name).OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToList();
        if (methods.Count == 0)
        {
            var known = scope.Type.GetMembers().OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary && !m.IsImplicitlyDeclared).Select(m => m.Name);
            scope.Report.Report(Descriptors.MethodNotFound, name, scope.Type.Name, NearestName.Find(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : "", attribute);
            return null;
        }

        return methods.Count == 1 ? new ElementMethodReader(scope, methods[0], kept: kept).Read() : Overloaded(methods[1], scope);
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
        // State first: sums may read it, wherever they stand among the parameters.
        foreach (var parameter in this.method.Parameters)
            this.inputs.Add(new(parameter.RefKind == RefKind.Ref ? InputKind.State : InputKind.Update, parameter.Name) { Extent = ExtentOf(parameter) });
        for (var i = 0; i < this.method.Parameters.Length; i++)
            this.Bind(this.method.Parameters[i], i);
        return this.failed ? null : this.method.DeclaringSyntaxReferences.IsEmpty ? this.Compiled() : this.ReadBody();
    }

    private string? WrongSignature() =>
        this.method.IsGenericMethod ? "is generic; a per-element method has one type of number"
        : this.method.ReturnType.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double) || this.method.ReturnsByRef || this.method.ReturnsByRefReadonly
            ? $"returns '{this.method.ReturnType.ToDisplayString()}'; a per-element method returns float or double"
        : this.method.IsExtern || this.method is { IsPartialDefinition: true, PartialImplementationPart: null } ? "has no body"
        : null;

    private void Bind(IParameterSymbol parameter, int place)
    {
        var hyper = HyperReader.AttributeOf(parameter);
        var isState = parameter.RefKind == RefKind.Ref;
        if (parameter.Type.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double) || !(isState || parameter.RefKind == RefKind.None))
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, $"has the type '{TypeOf(parameter)}'; it must be float or double, with ref for state");
        else if (this.kept is not null && this.WhyNotOfAPoint(parameter, isState) is { } why)
            this.Report(parameter, Descriptors.NotOfAPoint, parameter.Name, this.method.Name, why);
        else if (Signals.TryGetValue(parameter.Name, out var signal))
            this.inputs[place] = this.Signal(parameter, signal, hyper is not null || isState);
        else if (isState && this.asking is not null)
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, $"is state to be written (ref), and a [Sum] method changes nothing; take '{parameter.Name}' without ref, which reads the state of '{this.Stage.method.Name}'");
        else if (hyper is not null && isState)
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, "is state (ref) and a hyperparameter ([Hyper]) at once; leave one of the two out");
        else if (isState)
            this.CheckState(parameter, place);
        else if (ExtentOf(parameter) is var extent && extent != TensorExtent.Element)
            this.Report(parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name, $"has [{NameOf(extent)}] and is no state; [{NameOf(extent)}] stands on state, as in [{NameOf(extent)}] ref double {parameter.Name}");
        else if (hyper is not null)
            this.inputs[place] = this.Hyper(parameter, hyper);
        else
            this.inputs[place] = this.Asked(parameter);
    }

    /// <summary>Why a parameter is not there outside of a step; null where it is, and where another message says what is wrong.</summary>
    private string? WhyNotOfAPoint(IParameterSymbol parameter, bool isState)
    {
        const string Allowed = "a point is made of the parameter, of what the [Elementwise] methods above it remember, of hyperparameters, the shape and [PerStep] numbers";
        if (isState)
            return $"is state to be written (ref), and a point changes nothing; take '{parameter.Name}' without ref, which reads what an [Elementwise] method above remembers";
        if (parameter.Name is "update" or "gradient")
            return $"is the {parameter.Name} of a step, and one evaluates between steps; {Allowed}";
        if (HyperReader.AttributeOf(parameter) is not null || parameter.Name == "parameter")
            return null;
        var name = Naming.ToSnakeCase(parameter.Name);
        var number = this.scope.Type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(m => m.MethodKind == MethodKind.Ordinary && PerStepReader.Is(m) && Naming.LowerFirst(m.Name) == parameter.Name);
        if (number is not null)
        {
            return number.Parameters.Any(asked => PerStepReader.IsCarried(asked) || SumReader.Find(asked.Name, this.scope) is not null)
                ? $"is made of sums, or hands numbers from step to step, and one evaluates between steps; keep what the point needs in state"
                : null;
        }

        if (SumReader.Find(parameter.Name, this.scope) is not null)
            return $"is a sum that a step takes, and one evaluates between steps; {Allowed}";
        if (this.kept!.Contains(name) || SumReader.Shapes.ContainsKey(parameter.Name))
            return null;
        var known = this.kept!.Select(Naming.ToCamelCase).Concat(SumReader.Shapes.Keys).Append("parameter");
        return $"is nothing that is known between steps; {Allowed}" + (NearestName.Find(parameter.Name, known) is { } nearest ? $". Did you mean '{nearest}'?" : "");
    }

    private ElementInput Signal(IParameterSymbol parameter, InputKind signal, bool isMore)
    {
        if (isMore)
            this.Report(parameter, Descriptors.NameTaken, parameter.Name, "it is the name of a signal, which is neither state nor a hyperparameter");
        return new(signal, parameter.Name);
    }

    private void CheckState(IParameterSymbol parameter, int place)
    {
        var name = Naming.ToSnakeCase(parameter.Name);
        if (this.inputs.Take(place).FirstOrDefault(input => input.Kind == InputKind.State && Naming.ToSnakeCase(input.Name) == name) is { } first)
            this.Report(parameter, Descriptors.NameTaken, parameter.Name, $"'{first.Name}' of the same method is state called '{name}' too, since state is named in snake case; rename one of the two");
    }

    private ElementInput Hyper(IParameterSymbol parameter, AttributeData hyper)
    {
        this.Add(parameter, HyperReader.Read(parameter, hyper, this.scope));
        return new(InputKind.Hyper, Naming.ToSnakeCase(parameter.Name));
    }

    /// <summary>Adds a hyperparameter that a parameter of the method, or of a <c>[PerStep]</c> method that it asks for, brings with it.</summary>
    private void Add(IParameterSymbol parameter, HyperparameterDeclaration? declared)
    {
        this.failed |= declared is null;
        if (declared is null)
            return;
        if (this.brought.TryGetValue(declared.Name, out var first))
        {
            // Two methods of a stage may ask for the same number, and bring its hyperparameters once.
            if (SymbolEqualityComparer.Default.Equals(first, parameter))
                return;
            this.Report(
                parameter, Descriptors.NameTaken, parameter.Name,
                $"'{first.Name}' of '{first.ContainingSymbol.Name}' is a hyperparameter called '{declared.Name}' too, since hyperparameters are named in snake case; rename one of the two"
                    + (PerStepReader.Is((IMethodSymbol)parameter.ContainingSymbol) ? ", or leave [Hyper] out here to use that one" : ""));
            return;
        }

        this.brought.Add(declared.Name, parameter);
        this.hyperparameters.Add(declared);
    }

    /// <summary>What a plain parameter asks for: a method's number, a sum, a number of the shape, or state that a sum may read.</summary>
    private ElementInput Asked(IParameterSymbol parameter)
    {
        var candidates = this.scope.Type.GetMembers().OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToList();
        if (candidates.FirstOrDefault(m => PerStepReader.Is(m) && Naming.LowerFirst(m.Name) == parameter.Name) is { } number)
            return new(InputKind.PerStep, parameter.Name, this.PerStep(number));
        if (SumReader.Find(parameter.Name, this.scope) is { } sum)
            return this.Sum(parameter, sum);
        if (this.asking is not null && this.Stage.inputs.Any(input => input.Kind == InputKind.State && input.Name == parameter.Name))
            return this.Stage.inputs.First(input => input.Kind == InputKind.State && input.Name == parameter.Name);
        if (this.kept?.Contains(Naming.ToSnakeCase(parameter.Name)) == true)
            return new(InputKind.State, Naming.ToSnakeCase(parameter.Name));
        if (PerStepReader.FindCarrier(parameter.Name, this.scope) is not null)
            return new(InputKind.Carried, parameter.Name);
        if (SumReader.Shapes.ContainsKey(parameter.Name))
            return new(InputKind.Shape, parameter.Name);

        var unmarked = candidates.FirstOrDefault(m => Naming.LowerFirst(m.Name) == parameter.Name);
        var nearest = NearestName.Find(parameter.Name, Signals.Keys.Concat(SumReader.Shapes.Keys).Concat(candidates.Where(m => PerStepReader.Is(m) || SumReader.Is(m)).Select(m => Naming.LowerFirst(m.Name))));
        var hint = unmarked is not null ? $"; '{unmarked.Name}' has neither [PerStep] nor [Sum]" : nearest is not null ? $"; did you mean '{nearest}'?" : "";
        this.failed = true;
        this.scope.Later(stages => this.Report(
            parameter, Descriptors.UnknownParameter, parameter.Name, this.method.Name, this.HintOfHyperparameter(parameter.Name, stages) ?? hint));
        return new(InputKind.Update, parameter.Name);
    }

    private PerStepCall PerStep(IMethodSymbol method)
    {
        this.failed |= !PerStepReader.Check(method, this.hyperparameters, this.scope, takesSums: true);
        this.CheckCarried(method);
        foreach (var (hyper, declared) in PerStepReader.Hyperparameters(method, this.scope))
            this.Add(hyper, declared);
        var sums = method.Parameters
            .Select(parameter => (parameter, sum: SumReader.Find(parameter.Name, this.scope)))
            .Where(asked => asked.sum is not null && this.IsOneNumber(asked.parameter, asked.sum, method))
            .Select(asked => this.Sum(asked.parameter, asked.sum!));
        return PerStepReader.Call(method, this.scope) with { Sums = sums.ToEquatableArray() };
    }

    /// <summary>A method that runs once a step cannot take a sum that each row has.</summary>
    private bool IsOneNumber(IParameterSymbol parameter, IMethodSymbol sum, IMethodSymbol method)
    {
        if (SumReader.ExtentOf(SumReader.Over(sum)) is not { } extent)
            return true;
        this.Report(parameter, Descriptors.WrongPerStep, method.Name, $"runs once a step, and asks for the sum '{parameter.Name}', of which each {(extent == TensorExtent.MatrixRow ? "row" : "column")} has its own; let the per-element method ask for it");
        return false;
    }

    /// <summary>A number that is handed from step to step belongs to one method: two could not agree on it.</summary>
    private void CheckCarried(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters.Where(PerStepReader.IsCarried))
        {
            var name = Naming.ToSnakeCase(parameter.Name);
            if (!this.Stage.carried.TryGetValue(name, out var first))
                this.Stage.carried.Add(name, method);
            else if (!SymbolEqualityComparer.Default.Equals(first, method))
                this.Report(parameter, Descriptors.NameTaken, parameter.Name, $"'{first.Name}' hands a number of that name from step to step too; give this one another name, or let one method do both");
            if (this.Stage.inputs.Any(input => input.Kind == InputKind.State && Naming.ToSnakeCase(input.Name) == name))
                this.Report(parameter, Descriptors.NameTaken, parameter.Name, $"'{this.Stage.method.Name}' has state of that name; rename one of the two");
        }
    }

    private ElementInput Sum(IParameterSymbol parameter, IMethodSymbol method)
    {
        for (var reader = this; reader is not null; reader = reader.asking)
        {
            if (SymbolEqualityComparer.Default.Equals(reader.method, method))
            {
                this.Report(parameter, Descriptors.WrongSignature, method.Name, "is a sum that asks for itself; it would have to be known before it is taken");
                return new(InputKind.Update, parameter.Name);
            }
        }

        var term = new ElementMethodReader(this.scope, method, this).Read();
        this.failed |= term is null;
        return term is null ? new(InputKind.Update, parameter.Name) : new(InputKind.Sum, parameter.Name, Sum: new(term with { Hyperparameters = EquatableArray<HyperparameterDeclaration>.Empty }, SumReader.Over(method)));
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
            .Where(x => this.asking is null && this.kept is null)
            .Select(x => new StateResult(x.i, end.Output(this.method.Parameters[x.i], builder))).ToEquatableArray();
        var read = new ElementMethod
        {
            Name = this.method.Name,
            Inputs = this.inputs.ToEquatableArray(),
            Instructions = builder.Instructions.ToEquatableArray(),
            Locals = builder.Locals.ToEquatableArray(),
            States = states,
            Result = result,
            Hyperparameters = this.hyperparameters.ToEquatableArray(),
        };
        foreach (var state in states)
            this.CheckReach(read, state);
        return this.failed ? null : read;
    }

    /// <summary>State of rows holds one number for a row, so what it becomes must be one.</summary>
    private void CheckReach(ElementMethod read, StateResult state)
    {
        var extent = this.inputs[state.Input].Extent;
        if (extent == TensorExtent.Element || read.Reach(state.Value) is not { } reach || reach == extent)
            return;
        var (one, parameter) = (extent == TensorExtent.MatrixRow ? "row" : "column", this.method.Parameters[state.Input]);
        this.Report(
            parameter, Descriptors.WrongParameterType, parameter.Name, this.method.Name,
            $"is state with one number for each {one}, and what it becomes differs within a {one}; make it of sums over each {one}, which a method with [Sum(Over = SumOver.{(extent == TensorExtent.MatrixRow ? nameof(SumOver.EachRow) : nameof(SumOver.EachColumn))})] returns");
    }

    private static TensorExtent ExtentOf(IParameterSymbol parameter) =>
        parameter.AttributesOf("OptBias.PerRowAttribute").Any() ? TensorExtent.MatrixRow
        : parameter.AttributesOf("OptBias.PerColumnAttribute").Any() ? TensorExtent.MatrixColumn
        : TensorExtent.Element;

    private static string NameOf(TensorExtent extent) => extent == TensorExtent.MatrixRow ? "PerRow" : "PerColumn";

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
