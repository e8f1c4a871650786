using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OptBias.Generators.Declarations;

/// <summary>Words for C# that per-element methods do not have.</summary>
internal static class Refusals
{
    private const int Longest = 40;

    public static string Describe(IOperation operation) => operation switch
    {
        IInvalidOperation => "what does not compile",
        ILoopOperation => "a loop",
        ISwitchOperation or ISwitchExpressionOperation => "a switch",
        ITryOperation => "a try block",
        IThrowOperation => "an exception",
        IReturnOperation => "a return of nothing",
        ILocalFunctionOperation => "a local function",
        IAnonymousFunctionOperation => "a lambda",
        IObjectCreationOperation or IArrayCreationOperation => "an allocation",
        IIsPatternOperation => "a pattern",
        IIncrementOrDecrementOperation => "'++' or '--' (write += 1)",
        IFieldReferenceOperation field => field.Field.IsStatic ? $"the field '{field.Field.Name}', which is no constant" : $"the field '{field.Field.Name}'",
        IPropertyReferenceOperation property => $"the property '{property.Property.Name}'",
        ILocalReferenceOperation or IParameterReferenceOperation => $"'{Shorten(operation)}', which is no float, double or bool",
        IBinaryOperation { Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } => $"the integer arithmetic '{Shorten(operation)}'",
        IConversionOperation conversion => $"a conversion from '{conversion.Operand.Type?.ToDisplayString()}' to '{conversion.Type?.ToDisplayString()}'",
        _ => $"'{Shorten(operation)}'",
    };

    private static string Shorten(IOperation operation)
    {
        var text = string.Join(" ", operation.Syntax.ToString().Split(new[] { ' ', '\r', '\n', '\t' }, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= Longest ? text : text.Substring(0, Longest - 3) + "...";
    }
}
