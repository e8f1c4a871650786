using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>
/// Translates the body of a per-element method, and of those that it calls, into instructions. It knows a list of operations
/// and refuses everything else at the node where it stands: what C# will have in the future is refused until it is on the
/// list. The first refusal is the only one.
/// </summary>
internal sealed partial class ElementBodyReader(ClassScope scope, InstructionBuilder builder)
{
    private readonly List<IMethodSymbol> calls = new();
    private IMethodSymbol method = null!;
    private int depth;
    private int reads;
    private int conditional;

    public bool HasFailed { get; private set; }

    private static readonly string TooLarge = $"a method of more than {InstructionBuilder.MostInstructions} operations or {InstructionBuilder.Deepest} levels, calls included";

    /// <summary>Calls of calls of calls double with each level; this many in all are enough for anything that is meant.</summary>
    private const int MostCalls = 200;

    /// <summary>Reads a method whose parameters have the given values; the flow at its end holds the result and the state.</summary>
    public Flow Read(IMethodSymbol target, IReadOnlyDictionary<ISymbol, int> arguments)
    {
        var flow = new Flow(target.Parameters.Where(p => p.RefKind == RefKind.Ref).ToList<ISymbol>(), target.ReturnType.SpecialType == SpecialType.System_Boolean);
        foreach (var argument in arguments)
            flow.Values.Add(argument.Key, argument.Value);

        var (outer, outerConditional) = (this.method, this.conditional);
        (this.method, this.conditional) = (target, 0);
        this.calls.Add(target);
        var syntax = (target.PartialImplementationPart ?? target).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(scope.Cancellation);
        if (syntax is not null && scope.OperationOf(syntax) is IMethodBodyOperation body && (body.BlockBody ?? body.ExpressionBody) is { } block)
            this.Execute(block, flow);
        if (!this.HasFailed && syntax is not null)
            this.CheckEnd(syntax, flow);
        this.calls.RemoveAt(this.calls.Count - 1);
        (this.method, this.conditional) = (outer, outerConditional);
        return flow;
    }

    /// <summary>What is returned takes a selection for each return before the last: they count too.</summary>
    private void CheckEnd(SyntaxNode syntax, Flow flow)
    {
        if (!flow.HasReturned)
            this.Refuse(syntax, "a body that does not return on every path");
        else if (flow.Result(builder) >= 0 && builder.IsTooLarge)
            this.Refuse(syntax, TooLarge);
    }

    private void Execute(IOperation statement, Flow flow)
    {
        scope.Cancellation.ThrowIfCancellationRequested();
        if (this.HasFailed || flow.HasReturned || !this.Enter(statement))
            return;
        switch (statement)
        {
            case IBlockOperation block:
                foreach (var inner in block.Operations)
                    this.Execute(inner, flow);
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(d => d.Declarators))
                    this.Declare(declarator, flow);
                break;
            case IExpressionStatementOperation { Operation: var expression }:
                this.ExecuteExpression(expression, flow);
                break;
            case IConditionalOperation choice:
                this.Branch(choice, flow);
                break;
            case IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } value }:
                flow.Return(this.method.ReturnType.SpecialType == SpecialType.System_Boolean ? this.Condition(value, flow) : this.Number(value, flow), builder);
                break;
            case IEmptyOperation:
                break;
            default:
                this.Refuse(statement);
                break;
        }

        this.depth--;
    }

    private void ExecuteExpression(IOperation expression, Flow flow)
    {
        // A call for the sake of what it does to state: its result is dropped.
        if (expression is IInvocationOperation { TargetMethod.ReturnType.SpecialType: SpecialType.System_Boolean })
            this.Condition(expression, flow);
        else if (expression is IInvocationOperation or ICompoundAssignmentOperation)
            this.Number(expression, flow);
        else if (expression is ISimpleAssignmentOperation assignment)
            this.Assign(assignment, flow);
        else
            this.Refuse(expression);
    }

    private void Declare(IVariableDeclaratorOperation declarator, Flow flow)
    {
        var local = declarator.Symbol;
        if (local.RefKind != RefKind.None)
            this.Refuse(declarator.Syntax, "a reference to a variable");
        else if (!IsNumber(local.Type) && local.Type.SpecialType != SpecialType.System_Boolean)
            this.Refuse(declarator.Syntax, $"a variable of type '{local.Type.ToDisplayString()}'");
        else if ((declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer) is { } initializer)
            this.Set(local, this.ValueFor(local.Type, initializer.Value, flow), flow);
    }

    private void Branch(IConditionalOperation choice, Flow flow)
    {
        var condition = this.Condition(choice.Condition, flow);
        var (then, otherwise) = (flow.Copy(), flow.Copy());
        this.Execute(choice.WhenTrue, then);
        if (choice.WhenFalse is not null)
            this.Execute(choice.WhenFalse, otherwise);
        if (!this.HasFailed)
            flow.Merge(condition, then, otherwise, builder);
    }

    /// <summary>Assigns; returns the value, which is what an assignment is worth as an expression.</summary>
    private int Assign(IAssignmentOperation assignment, Flow flow)
    {
        if (this.Variable(assignment.Target) is not { } variable)
            return this.Refuse(assignment.Target, "an assignment to what is neither a local variable nor a parameter");
        if (this.conditional > 0)
            return this.Refuse(assignment, "an assignment in a part of an expression that is not always evaluated");

        int value;
        if (assignment is ISimpleAssignmentOperation { IsRef: false } simple)
        {
            value = this.ValueFor(simple.Target.Type, simple.Value, flow);
        }
        else if (assignment is ICompoundAssignmentOperation { OperatorMethod: null } compound && IsNumber(compound.Type) && ArithmeticOf(compound.OperatorKind) is { } operation)
        {
            var old = this.Lookup(assignment.Target, variable, flow);
            value = builder.Apply(operation, old, this.Number(compound.Value, flow));
        }
        else
        {
            return this.Refuse(assignment);
        }

        this.Set(variable, value, flow);
        return value;
    }

    private void Set(ISymbol variable, int value, Flow flow)
    {
        if (variable is ILocalSymbol)
            builder.Name(value, variable.Name);
        flow.Values[variable] = value;
    }

    private int ValueFor(ITypeSymbol? type, IOperation value, Flow flow) =>
        type?.SpecialType == SpecialType.System_Boolean ? this.Condition(value, flow) : this.Number(value, flow);

    private ISymbol? Variable(IOperation operation) => operation switch
    {
        ILocalReferenceOperation { Local.RefKind: RefKind.None } local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private int Lookup(IOperation reference, ISymbol variable, Flow flow) =>
        flow.Values.TryGetValue(variable, out var value) ? value : this.Refuse(reference, "a variable without a value");

    /// <summary>Guards the stack and the size of what is generated; false, with a refusal, at a limit.</summary>
    private bool Enter(IOperation operation)
    {
        if (++this.depth <= InstructionBuilder.Deepest && !builder.IsTooLarge)
            return true;
        this.depth--;
        this.Refuse(operation, TooLarge);
        return false;
    }

    private int Refuse(IOperation operation) => this.Refuse(operation, Refusals.Describe(operation));

    private int Refuse(IOperation operation, string what) => this.Refuse(operation.Syntax, what);

    private int Refuse(SyntaxNode syntax, string what)
    {
        if (!this.HasFailed)
            scope.Report.ReportAt(LocationInfo.Of(syntax.GetLocation()), Descriptors.UnsupportedConstruct, what, this.method.Name);
        this.HasFailed = true;
        return builder.False;
    }
}
