using Microsoft.CodeAnalysis;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

/// <summary>Finds what methods may ask for by name beside signals, state and hyperparameters: numbers of the shape, and <c>[Sum]</c> methods.</summary>
internal static class SumReader
{
    public const string Attribute = "OptBias.SumAttribute";

    /// <summary>The numbers of a parameter's shape by the names that methods ask with.</summary>
    public static readonly IReadOnlyDictionary<string, ShapeNumber> Shapes = new Dictionary<string, ShapeNumber>(StringComparer.Ordinal)
    {
        ["rows"] = ShapeNumber.Rows,
        ["columns"] = ShapeNumber.Columns,
        ["elements"] = ShapeNumber.Elements,
    };

    /// <summary>The extent of a sum's result: one number for each row or column; null where it is one for the tensor or all of them.</summary>
    public static TensorExtent? ExtentOf(SumOver over) => over switch
    {
        SumOver.EachRow => TensorExtent.MatrixRow,
        SumOver.EachColumn => TensorExtent.MatrixColumn,
        _ => null,
    };

    public static bool Is(IMethodSymbol method) => method.AttributesOf(Attribute).Any();

    /// <summary>The class's <c>[Sum]</c> method that a parameter of this name asks for.</summary>
    public static IMethodSymbol? Find(string parameter, ClassScope scope) =>
        scope.Type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(m => m.MethodKind == MethodKind.Ordinary && Is(m) && Naming.LowerFirst(m.Name) == parameter);

    public static SumOver Over(IMethodSymbol method) => new AttributeReading(method.AttributesOf(Attribute).First()).Choice<SumOver>("Over");
}
