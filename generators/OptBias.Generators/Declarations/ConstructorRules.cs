using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>
/// Keeps the generated constructors, and <c>Descriptor.Create</c> which calls one, apart from what the user wrote. Constructors of
/// the user's own are welcome: <c>Create</c> names the generated one by the exact types of all its parameters.
/// </summary>
internal static class ConstructorRules
{
    private const string Group = "ParamGroup";

    public static void Check(INamedTypeSymbol type, IReadOnlyList<HyperparameterDeclaration> hyperparameters, StageDiagnostics report, CancellationToken cancellation)
    {
        foreach (var constructor in type.InstanceConstructors.Where(c => IsUsers(c, cancellation) && IsGeneratedSignature(c, type, hyperparameters, cancellation)))
            report.ReportAt(LocationInfo.Of(constructor.Locations.FirstOrDefault()), Descriptors.ConstructorTaken, type.Name);
        foreach (var member in type.GetMembers().Where(m => m is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true }))
            report.ReportAt(LocationInfo.Of(member.Locations.FirstOrDefault()), Descriptors.RequiredMember, member.Name, type.Name);
    }

    private static bool IsUsers(IMethodSymbol constructor, CancellationToken cancellation) =>
        constructor.DeclaringSyntaxReferences.Any(r => !GeneratedMembers.IsInGeneratedHalf(r.GetSyntax(cancellation)));

    /// <summary>Parameters, named parameters or groups; a number for each hyperparameter; whether to maximize.</summary>
    private static bool IsGeneratedSignature(IMethodSymbol constructor, INamedTypeSymbol type, IReadOnlyList<HyperparameterDeclaration> hyperparameters, CancellationToken cancellation)
    {
        var parameters = constructor.Parameters;
        if (parameters.Length != hyperparameters.Count + 2 || parameters.Any(p => p.RefKind != RefKind.None))
            return false;
        for (var k = 0; k < hyperparameters.Count; k++)
        {
            if (parameters[k + 1].Type.SpecialType != (hyperparameters[k].Range.IsInteger ? SpecialType.System_Int32 : SpecialType.System_Double))
                return false;
        }

        return parameters[parameters.Length - 1].Type.SpecialType == SpecialType.System_Boolean && IsSequenceOfParameters(parameters[0], type, cancellation);
    }

    private static bool IsSequenceOfParameters(IParameterSymbol first, INamedTypeSymbol type, CancellationToken cancellation) =>
        first.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T, TypeArguments: [var item] }
        && (IsParameter(item) || IsGroup(item, type, first, cancellation)
            || (item is INamedTypeSymbol { IsTupleType: true, TupleElements: [{ Type.SpecialType: SpecialType.System_String }, { Type: var second }] } && IsParameter(second)));

    private static bool IsParameter(ITypeSymbol type) => type.ToDisplayString() == "TorchSharp.Modules.Parameter";

    /// <summary>
    /// The generated class of groups. To the generator it does not exist yet: its bare name is then unknown, or TorchSharp's class of
    /// that name, which the generated one hides.
    /// </summary>
    private static bool IsGroup(ITypeSymbol item, INamedTypeSymbol type, IParameterSymbol first, CancellationToken cancellation) =>
        item.Name == Group && (item.TypeKind == TypeKind.Error || SymbolEqualityComparer.Default.Equals(item.ContainingType, type)
            || (first.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is ParameterSyntax { Type: { } written }
                && written.DescendantNodesAndSelf().OfType<GenericNameSyntax>().Any(sequence => sequence.TypeArgumentList.Arguments is [IdentifierNameSyntax { Identifier.ValueText: Group }])));
}
