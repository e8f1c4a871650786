using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptBias.Generators.Diagnostics;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

/// <summary>Calls: functions that have a row among the intrinsics, and other per-element methods of the class, which are inlined.</summary>
internal sealed partial class ElementBodyReader
{
    private int Call(IInvocationOperation call, Flow flow)
    {
        var target = call.TargetMethod;
        if (IntrinsicOf(target) is { } row)
        {
            var operands = new int[row.Arity];
            foreach (var argument in call.Arguments)
                operands[argument.Parameter!.Ordinal] = this.Number(argument.Value, flow);
            return builder.Apply(row.Operation, operands);
        }

        if (!target.IsStatic || !SymbolEqualityComparer.Default.Equals(target.ContainingType, scope.Type) || target.MethodKind != MethodKind.Ordinary)
            return this.Refuse(call, $"a call of '{target.ContainingType?.Name}.{target.Name}'");
        if (PerStepReader.Is(target))
            return this.Refuse(call, $"a call of '{target.Name}' (it runs once a step: ask for it with a parameter '{Naming.LowerFirst(target.Name)}')");
        if (target.IsGenericMethod || !(IsNumber(target.ReturnType) || target.ReturnType.SpecialType == SpecialType.System_Boolean))
            return this.Refuse(call, $"a call of '{target.Name}', which is generic or returns no float, double or bool");
        if (this.calls.Any(c => SymbolEqualityComparer.Default.Equals(c, target)))
            return this.RefuseRecursion(call);
        return this.Inline(call, flow);
    }

    private int Inline(IInvocationOperation call, Flow flow)
    {
        var arguments = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        var written = new List<(IParameterSymbol Parameter, ISymbol Variable)>();
        foreach (var argument in call.Arguments)
        {
            var parameter = argument.Parameter!;
            var isCondition = parameter.Type.SpecialType == SpecialType.System_Boolean;
            if (parameter.RefKind == RefKind.Ref && IsNumber(parameter.Type) && this.Variable(argument.Value) is { } variable)
            {
                if (this.conditional > 0)
                    return this.Refuse(argument.Syntax, "an assignment in a part of an expression that is not always evaluated");
                if (written.Any(w => SymbolEqualityComparer.Default.Equals(w.Variable, variable)))
                    return this.Refuse(argument.Syntax, "one variable as two references");
                written.Add((parameter, variable));
                arguments.Add(parameter, this.Lookup(argument.Value, variable, flow));
            }
            else if (parameter.RefKind == RefKind.None && (IsNumber(parameter.Type) || isCondition))
            {
                arguments.Add(parameter, this.ValueFor(parameter.Type, argument.Value, flow));
            }
            else
            {
                return this.Refuse(argument.Syntax, $"an argument for '{parameter.Name}' of '{call.TargetMethod.Name}', whose type is '{parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'");
            }
        }

        if (this.HasFailed)
            return builder.False;
        if (++this.reads > MostCalls)
            return this.Refuse(call, $"a method of more than {MostCalls} calls, those inside of calls included");
        var end = this.Read(call.TargetMethod, arguments);
        if (this.HasFailed)
            return builder.False;
        foreach (var (parameter, variable) in written)
            flow.Values[variable] = end.Output(parameter, builder);
        return end.Result(builder);
    }

    private int RefuseRecursion(IInvocationOperation call)
    {
        if (!this.HasFailed)
            scope.Report.ReportAt(LocationInfo.Of(call.Syntax.GetLocation()), Descriptors.Recursion, call.TargetMethod.Name, this.calls[0].Name);
        this.HasFailed = true;
        return builder.False;
    }

    /// <summary>The row of a method of Math, MathF, float or double whose parameters are all floating-point.</summary>
    private static Intrinsic? IntrinsicOf(IMethodSymbol method) =>
        method.IsStatic && !method.IsGenericMethod && IsMathematics(method.ContainingType) && method.Parameters.All(p => IsNumber(p.Type) && p.RefKind == RefKind.None)
            ? Intrinsics.Of(method.Name, method.Parameters.Length)
            : null;

    private static bool IsMathematics(INamedTypeSymbol? type) =>
        IsNumber(type) || (type is { Name: "Math" or "MathF", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } });
}
