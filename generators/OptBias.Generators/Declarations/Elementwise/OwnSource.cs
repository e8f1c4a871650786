using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Generators.Declarations;

/// <summary>
/// The text of a method that runs as it stands, with all that it reaches in the same project: methods, properties, fields. Comments,
/// whitespace and names of methods are left out; it tells whether two methods do the same.
/// </summary>
internal static class OwnSource
{
    /// <summary>Members that are followed; a method that reaches more is told from others by its nearest ones.</summary>
    private const int Most = 200;

    public static string Of(IMethodSymbol method, ClassScope scope)
    {
        var found = new List<ISymbol> { method };
        var text = new List<string>();
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var reference in found[i].DeclaringSyntaxReferences)
            {
                foreach (var part in PartsOf(reference.GetSyntax(scope.Cancellation)))
                    Read(part, scope, found, text);
            }
        }

        return string.Join(" ", text);
    }

    /// <summary>What a member does: its parameters and its body, or its value.</summary>
    private static IEnumerable<SyntaxNode> PartsOf(SyntaxNode declaration) => declaration switch
    {
        BaseMethodDeclarationSyntax method => new SyntaxNode?[] { method.ParameterList, method.Body, method.ExpressionBody }.OfType<SyntaxNode>(),
        PropertyDeclarationSyntax property => new SyntaxNode?[] { property.AccessorList, property.ExpressionBody, property.Initializer }.OfType<SyntaxNode>(),
        VariableDeclaratorSyntax { Initializer: { } value } => [value],
        EnumMemberDeclarationSyntax { EqualsValue: { } value } => [value],
        AccessorDeclarationSyntax or ArrowExpressionClauseSyntax => [declaration],
        _ => [],
    };

    /// <summary>Writes the tokens of a part; a member of the project's own is written as the number at which its own text follows.</summary>
    private static void Read(SyntaxNode part, ClassScope scope, List<ISymbol> found, List<string> text)
    {
        foreach (var token in part.DescendantTokens())
        {
            scope.Cancellation.ThrowIfCancellationRequested();
            if (token.Parent is SimpleNameSyntax name && scope.SymbolOf(name) is { } symbol && IsMember(symbol))
            {
                var place = found.FindIndex(known => SymbolEqualityComparer.Default.Equals(known, symbol));
                if (place < 0 && found.Count < Most)
                {
                    place = found.Count;
                    found.Add(symbol);
                }

                if (place >= 0)
                {
                    text.Add("#" + place.ToString(CultureInfo.InvariantCulture));
                    if (symbol is not IMethodSymbol)
                        text.Add(symbol is IFieldSymbol { HasConstantValue: true } constant ? ValueOf(constant.ConstantValue) : symbol.Name);
                    continue;
                }
            }

            text.Add(token.Text);
        }
    }

    private static string ValueOf(object? constant) => constant switch
    {
        double value => BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture),
        float value => BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture),
        _ => Convert.ToString(constant, CultureInfo.InvariantCulture),
    };

    private static bool IsMember(ISymbol symbol) =>
        symbol is IMethodSymbol { MethodKind: not MethodKind.LocalFunction } or IPropertySymbol or IFieldSymbol
        && symbol.DeclaringSyntaxReferences.Length > 0;
}
