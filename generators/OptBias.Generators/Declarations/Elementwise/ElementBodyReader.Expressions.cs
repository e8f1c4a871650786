using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

/// <summary>Expressions: numbers and conditions.</summary>
internal sealed partial class ElementBodyReader
{
    /// <summary>The instruction that computes a number.</summary>
    private int Number(IOperation operation, Flow flow)
    {
        if (this.HasFailed || !this.Enter(operation))
            return builder.False;
        var value = this.NumberOnce(operation, flow);
        this.depth--;
        return value;
    }

    private int NumberOnce(IOperation operation, Flow flow)
    {
        if (this.Variable(operation) is { } variable && flow.Values.ContainsKey(variable) && IsNumber(operation.Type))
            return this.Lookup(operation, variable, flow);
        if (ConstantNumber.Of(operation, scope) is { } constant)
            return builder.Constant(constant);
        switch (operation)
        {
            case IConversionOperation { OperatorMethod: null } conversion when IsNumber(conversion.Type):
                return this.Number(conversion.Operand, flow);
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Plus } plus when IsNumber(plus.Type):
                return this.Number(plus.Operand, flow);
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus } minus when IsNumberOrInteger(minus.Type):
                return builder.Apply(Operation.Negate, this.Number(minus.Operand, flow));
            case IBinaryOperation { OperatorMethod: null } binary when IsNumber(binary.Type) && ArithmeticOf(binary.OperatorKind) is { } arithmetic:
                var left = this.Number(binary.LeftOperand, flow);
                return builder.Apply(arithmetic, left, this.Number(binary.RightOperand, flow));
            case IConditionalOperation { IsRef: false, WhenFalse: { } whenFalse } choice when IsNumberOrInteger(choice.Type):
                var condition = this.Condition(choice.Condition, flow);
                this.conditional++;
                var then = this.Number(choice.WhenTrue, flow);
                var otherwise = this.Number(whenFalse, flow);
                this.conditional--;
                return builder.Choose(condition, then, otherwise);
            case IAssignmentOperation assignment when IsNumber(assignment.Type):
                return this.Assign(assignment, flow);
            case IInvocationOperation call:
                return this.Call(call, flow);
            default:
                return this.Refuse(operation);
        }
    }

    /// <summary>The instruction that computes a condition.</summary>
    private int Condition(IOperation operation, Flow flow)
    {
        if (this.HasFailed || !this.Enter(operation))
            return builder.False;
        var value = this.ConditionOnce(operation, flow);
        this.depth--;
        return value;
    }

    private int ConditionOnce(IOperation operation, Flow flow)
    {
        if (operation.Type?.SpecialType != SpecialType.System_Boolean)
            return this.Refuse(operation);
        if (this.Variable(operation) is { } variable && flow.Values.ContainsKey(variable))
            return this.Lookup(operation, variable, flow);
        if (operation.ConstantValue is { HasValue: true, Value: bool truth })
            return builder.Truth(truth);
        switch (operation)
        {
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Not } not:
                return builder.Not(this.Condition(not.Operand, flow));
            case IBinaryOperation { OperatorMethod: null } binary when binary.LeftOperand.Type?.SpecialType == SpecialType.System_Boolean:
                return this.Logic(binary, flow);
            case IBinaryOperation { OperatorMethod: null } binary when IsNumberOrInteger(binary.LeftOperand.Type) && IsNumberOrInteger(binary.RightOperand.Type):
                var left = this.Number(binary.LeftOperand, flow);
                return this.Compare(binary, left, this.Number(binary.RightOperand, flow));
            case IConditionalOperation { IsRef: false, WhenFalse: { } whenFalse } choice:
                var condition = this.Condition(choice.Condition, flow);
                this.conditional++;
                var then = this.Condition(choice.WhenTrue, flow);
                var otherwise = this.Condition(whenFalse, flow);
                this.conditional--;
                return builder.ChooseCondition(condition, then, otherwise);
            case ISimpleAssignmentOperation assignment:
                return this.Assign(assignment, flow);
            case IInvocationOperation call:
                return this.Call(call, flow);
            default:
                return this.Refuse(operation);
        }
    }

    private int Logic(IBinaryOperation binary, Flow flow)
    {
        var shortCircuits = binary.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr;
        var left = this.Condition(binary.LeftOperand, flow);
        this.conditional += shortCircuits ? 1 : 0;
        var right = this.Condition(binary.RightOperand, flow);
        this.conditional -= shortCircuits ? 1 : 0;
        return binary.OperatorKind switch
        {
            BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => builder.And(left, right),
            BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => builder.Or(left, right),
            _ => this.Refuse(binary),
        };
    }

    private int Compare(IBinaryOperation binary, int left, int right) => binary.OperatorKind switch
    {
        BinaryOperatorKind.LessThan => builder.Apply(Operation.Less, left, right),
        BinaryOperatorKind.LessThanOrEqual => builder.Apply(Operation.LessOrEqual, left, right),
        BinaryOperatorKind.GreaterThan => builder.Apply(Operation.Less, right, left),
        BinaryOperatorKind.GreaterThanOrEqual => builder.Apply(Operation.LessOrEqual, right, left),
        BinaryOperatorKind.Equals => builder.Apply(Operation.Equal, left, right),
        BinaryOperatorKind.NotEquals => builder.Not(builder.Apply(Operation.Equal, left, right)),
        _ => this.Refuse(binary),
    };

    /// <summary>float and double, which both stand for the type of the arithmetic.</summary>
    private static bool IsNumber(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    /// <summary>
    /// Integers too where nothing is computed with them: the sign of a number and constants are the only ones that are read,
    /// and both are exact as floating-point numbers.
    /// </summary>
    private static bool IsNumberOrInteger(ITypeSymbol? type) => IsNumber(type) || type?.SpecialType == SpecialType.System_Int32;

    private static Operation? ArithmeticOf(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => Operation.Add,
        BinaryOperatorKind.Subtract => Operation.Subtract,
        BinaryOperatorKind.Multiply => Operation.Multiply,
        BinaryOperatorKind.Divide => Operation.Divide,
        _ => null,
    };
}
