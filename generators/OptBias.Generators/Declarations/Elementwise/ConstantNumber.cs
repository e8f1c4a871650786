using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OptBias.Generators.Declarations;

/// <summary>
/// Constants as they were written. The method's <c>float</c> stands for the type of the arithmetic, so <c>0.1f</c> is the
/// decimal 0.1 and not the float nearest to it, and a constant expression is computed in double.
/// </summary>
internal static class ConstantNumber
{
    /// <summary>Deeper constant expressions are taken as the compiler computed them.</summary>
    private const int Deepest = 100;

    public static double? Of(IOperation operation, ClassScope scope) => Of(operation, scope, 0);

    private static double? Of(IOperation operation, ClassScope scope, int depth)
    {
        if (operation.ConstantValue is not { HasValue: true, Value: { } value } || value is string or bool or char or decimal)
            return null;
        if (value is not (float or double))
            return Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (depth > Deepest)
            return Shortest(value);
        return operation switch
        {
            ILiteralOperation { Syntax: LiteralExpressionSyntax literal } => Parse(literal.Token.Text) ?? Shortest(value),
            IConversionOperation conversion => Of(conversion.Operand, scope, depth + 1) ?? Shortest(value),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } minus => -Of(minus.Operand, scope, depth + 1) ?? Shortest(value),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Plus } plus => Of(plus.Operand, scope, depth + 1) ?? Shortest(value),
            IBinaryOperation binary when Of(binary.LeftOperand, scope, depth + 1) is { } a && Of(binary.RightOperand, scope, depth + 1) is { } b => binary.OperatorKind switch
            {
                BinaryOperatorKind.Add => a + b,
                BinaryOperatorKind.Subtract => a - b,
                BinaryOperatorKind.Multiply => a * b,
                BinaryOperatorKind.Divide => a / b,
                _ => Shortest(value),
            },
            IFieldReferenceOperation { Field: var field } => OfField(field, scope, depth + 1) ?? Shortest(value),
            _ => Shortest(value),
        };
    }

    private static double? OfField(IFieldSymbol field, ClassScope scope, int depth)
    {
        if (field.ContainingType is { ContainingNamespace.Name: "System", Name: "Math" or "MathF" or "Single" or "Double" })
        {
            switch (field.Name)
            {
                case "PI":
                    return Math.PI;
                case "E":
                    return Math.E;
                case "Tau":
                    return 2 * Math.PI;
            }
        }

        return field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(scope.Cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } initializer }
            && scope.OperationOf(initializer) is { } operation
            ? Of(operation, scope, depth)
            : null;
    }

    /// <summary>The shortest decimal that reads back to the float: most likely the one that was written.</summary>
    private static double Shortest(object value) => value is float single
        ? double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : (double)value;

    private static double? Parse(string literal) =>
        double.TryParse(literal.Replace("_", "").TrimEnd('f', 'F', 'd', 'D'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
