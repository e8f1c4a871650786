using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.CodeFixes;

/// <summary>Stages as they are written: attributes, one or several in a list.</summary>
internal static class Stages
{
    /// <summary>Removes an attribute, and its list where it is alone in it.</summary>
    public static SyntaxNode Remove(SyntaxNode root, AttributeSyntax attribute)
    {
        if (attribute.Parent is not AttributeListSyntax { Attributes.Count: 1 } list)
            return root.RemoveNode(attribute, SyntaxRemoveOptions.KeepNoTrivia)!;

        // Only the line itself goes; a comment above the first list belongs to the class.
        var declaration = (MemberDeclarationSyntax)list.Parent!;
        var mended = declaration.RemoveNode(list, SyntaxRemoveOptions.KeepNoTrivia)!;
        return root.ReplaceNode(declaration, list == declaration.AttributeLists[0] ? mended.WithLeadingTrivia(list.GetLeadingTrivia()) : mended);
    }

    /// <summary>All attributes of the declaration that an attribute stands on, in their order.</summary>
    public static IEnumerable<AttributeSyntax> Beside(AttributeSyntax attribute) =>
        ((MemberDeclarationSyntax)attribute.Parent!.Parent!).AttributeLists.SelectMany(list => list.Attributes);
}
