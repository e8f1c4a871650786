using System.Collections.Immutable;

namespace OptBias.Generators.Programs;

/// <summary>Makes expressions: equal ones once, trivial ones simplified. Simplifications keep every value as it is, bit for bit.</summary>
internal sealed class ExpressionGraph
{
    private readonly Dictionary<Key, Expression> known = new();

    public Expression Constant(double value) => this.Make(Operation.Constant, [], value, Rate.Constant);

    public Expression Hyper(ProgramHyperparameter hyperparameter) => this.Make(Operation.Hyper, [], hyperparameter, Rate.Group);

    /// <summary>The step count t, from 1.</summary>
    public Expression Step() => this.Make(Operation.Step, [], null, Rate.Group);

    /// <summary>The value of a tensor before the step.</summary>
    public Expression Load(TensorSlot tensor) => this.Make(Operation.Load, [], tensor, Rate.Element);

    public Expression Add(Expression a, Expression b) => a.IsConstant(0) ? b : b.IsConstant(0) ? a : this.Binary(Operation.Add, a, b);

    public Expression Subtract(Expression a, Expression b) => b.IsConstant(0) ? a : this.Binary(Operation.Subtract, a, b);

    public Expression Multiply(Expression a, Expression b) => a.IsConstant(1) ? b : b.IsConstant(1) ? a : this.Binary(Operation.Multiply, a, b);

    public Expression Divide(Expression a, Expression b) => b.IsConstant(1) ? a : this.Binary(Operation.Divide, a, b);

    public Expression Negate(Expression a) => this.Unary(Operation.Negate, a);

    public Expression Sqrt(Expression a) => this.Unary(Operation.Sqrt, a);

    public Expression Power(Expression a, Expression exponent) =>
        exponent.IsConstant(1) ? a : exponent.IsConstant(0.5) ? this.Sqrt(a) : this.Binary(Operation.Power, a, exponent);

    public Expression Select(Expression condition, Expression then, Expression otherwise) =>
        then == otherwise ? then : this.Make(Operation.Select, [condition, then, otherwise], null);

    /// <summary>The sum of an expression over all elements of its tensor, or of all tensors.</summary>
    public Expression Sum(Expression a, SumScope scope) =>
        this.Make(Operation.Sum, [a], scope, scope == SumScope.Global ? Rate.Group : Rate.Tensor, a.Level + 1);

    /// <summary>The result of a matrix stage.</summary>
    public Expression Matrix(MatrixStage stage, Expression input, Expression other) =>
        this.Make(Operation.Matrix, [input, other], stage, Rate.Element, Math.Max(input.Level, other.Level) + 1);

    /// <summary>A number that a tensor's shape gives.</summary>
    public Expression Shape(ShapeNumber number) => this.Make(Operation.Shape, [], number, Rate.Tensor);

    /// <summary>A number as the last step of the parameter has left it.</summary>
    public Expression Carried(CarriedNumber number) => this.Make(Operation.Carried, [], number, Rate.Tensor);

    /// <summary>What a method of the user's returns, called on the host: once a step for a group, or for each tensor where it asks for what differs among them.</summary>
    public Expression PerStep(PerStepFunction function, ImmutableArray<Expression> arguments) =>
        this.Make(Operation.PerStep, arguments, function, function.Carried.Count > 0 || arguments.Any(argument => argument.Rate == Rate.Tensor) ? Rate.Tensor : Rate.Group);

    /// <summary>An operation by its name, simplified where that keeps every value as it is.</summary>
    public Expression Apply(Operation operation, ImmutableArray<Expression> operands) => operation switch
    {
        Operation.Subtract => this.Subtract(operands[0], operands[1]),
        Operation.Multiply => this.Multiply(operands[0], operands[1]),
        Operation.Divide => this.Divide(operands[0], operands[1]),
        Operation.Power => this.Power(operands[0], operands[1]),
        Operation.Select => this.Select(operands[0], operands[1], operands[2]),
        _ => this.Make(operation, operands, null),
    };

    public Expression Unary(Operation operation, Expression a) => this.Make(operation, [a], null);

    public Expression Binary(Operation operation, Expression a, Expression b) => this.Make(operation, [a, b], null);

    /// <summary>The same operation on what its operands become.</summary>
    public Expression Map(Expression expression, Func<Expression, Expression> map)
    {
        var operands = expression.Operands;
        for (var k = 0; k < operands.Length; k++)
        {
            var operand = map(expression.Operands[k]);
            if (operand != operands[k])
                operands = operands.SetItem(k, operand);
        }

        return operands == expression.Operands
            ? expression
            : this.Make(expression.Operation, operands, expression.Payload, expression.Operation is Operation.Sum or Operation.PerStep ? expression.Rate : null, expression.Operation is Operation.Sum or Operation.Matrix ? expression.Level : null);
    }

    /// <summary>An expression of another graph in this one, on what its operands become.</summary>
    public Expression Import(Expression expression, Func<Expression, Expression> map)
    {
        var operands = ImmutableArray.CreateBuilder<Expression>(expression.Operands.Length);
        foreach (var operand in expression.Operands)
            operands.Add(map(operand));
        return this.Make(
            expression.Operation,
            operands.MoveToImmutable(),
            expression.Payload,
            expression.Operands.IsEmpty || expression.Operation is Operation.Sum or Operation.PerStep ? expression.Rate : null,
            expression.Operation is Operation.Sum or Operation.Matrix ? expression.Level : null);
    }

    private Expression Make(Operation operation, ImmutableArray<Expression> operands, object? payload, Rate? rate = null, int? level = null)
    {
        var key = new Key(operation, operands, payload);
        if (!this.known.TryGetValue(key, out var expression))
        {
            var (highestRate, highestLevel) = (Rate.Constant, 0);
            foreach (var operand in operands)
            {
                highestRate = operand.Rate > highestRate ? operand.Rate : highestRate;
                highestLevel = Math.Max(highestLevel, operand.Level);
            }

            expression = new Expression(this, this.known.Count, operation, operands, payload, rate ?? highestRate, level ?? highestLevel);
            this.known.Add(key, expression);
        }

        return expression;
    }

    private sealed record Key(Operation Operation, ImmutableArray<Expression> Operands, object? Payload)
    {
        public bool Equals(Key? other) =>
            other is not null && this.Operation == other.Operation && SameOperands(this.Operands, other.Operands) && SamePayload(this.Payload, other.Payload);

        private static bool SameOperands(ImmutableArray<Expression> a, ImmutableArray<Expression> b)
        {
            var same = a.Length == b.Length;
            for (var k = 0; same && k < a.Length; k++)
                same = a[k] == b[k];
            return same;
        }

        /// <summary>0 and −0 are equal, and yet not the same literal.</summary>
        private static bool SamePayload(object? a, object? b) => a is double x && b is double y
            ? BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y)
            : Equals(a, b);

        public override int GetHashCode()
        {
            var hash = (int)this.Operation;
            foreach (var operand in this.Operands)
                hash = unchecked((hash * 31) + operand.Id);
            return unchecked((hash * 31) + (this.Payload?.GetHashCode() ?? 0));
        }
    }
}

internal static class ExpressionQueries
{
    public static bool IsConstant(this Expression expression, double value) =>
        expression.Operation == Operation.Constant && BitConverter.DoubleToInt64Bits(expression.Value) == BitConverter.DoubleToInt64Bits(value);

    /// <summary>Whether the value is a yes or a no, which only a choice takes.</summary>
    public static bool IsCondition(this Expression expression) =>
        expression.Operation is Operation.Less or Operation.LessOrEqual or Operation.Equal or Operation.And or Operation.Or or Operation.Not;

    /// <summary>Whether the value is a user's number that hands others to the next step.</summary>
    public static bool IsCarrying(this Expression expression) => expression.Operation == Operation.PerStep && expression.PerStep.Carried.Count > 0;

    /// <summary>Whether a number that the host computes from sums, or hands on, has a name, and so a line of its own in the equations.</summary>
    public static bool IsNamedNumber(this Expression expression) =>
        expression.IsUniform() && (expression.Level > 0 || expression.IsCarrying()) && expression.Symbol is not null
        && !(expression.Operation == Operation.Divide && expression.Operands[0].IsConstant(1));

    /// <summary>Whether the value is the same for all elements of a tensor, so that the host computes it.</summary>
    public static bool IsUniform(this Expression expression) => expression.Rate != Rate.Element;
}
