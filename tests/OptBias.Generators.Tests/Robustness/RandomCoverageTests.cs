using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Generators.Tests;

/// <summary>
/// Whether the ten thousand random declarations are of all kinds. What there is to cover is asked of the attributes and of the
/// catalogue of diagnostics: a new stage, option or diagnostic that the random ones leave out is a failure here.
/// </summary>
public sealed class RandomCoverageTests
{
    private const int Least = 20;

    /// <summary>What a project file says wrong, and no declaration can; <see cref="CleanGeneratedCodeTests"/> has these.</summary>
    private static readonly string[] OfTheProject = ["OB0060", "OB0061", "OB0062"];

    private static readonly Lazy<List<RandomDeclaration>> Declarations = new(() => [.. Enumerable.Range(0, 10_000).Select(RandomDeclaration.Make)]);

    [Fact]
    public void Every_stage_option_and_value_occurs_among_the_valid_ones()
    {
        var counts = Declarations.Value
            .Where(declaration => declaration.IsValid)
            .SelectMany(declaration => CSharpSyntaxTree.ParseText(declaration.Source).GetRoot().DescendantNodes().OfType<AttributeSyntax>())
            .SelectMany(Uses)
            .GroupBy(use => use, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var attributes = typeof(StageAttribute).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StageAttribute))).Append(typeof(RouteAttribute)).Append(typeof(StateAttribute)).Append(typeof(OptimizerAttribute));

        // Random programs step parameters without names, which a route by name refuses; NamedRouteTests of the runtime has those.
        var rare = attributes.SelectMany(ToCover).Where(use => use != "Route.Names").Where(use => counts.GetValueOrDefault(use) < Least).Select(use => $"{use}: {counts.GetValueOrDefault(use)}").ToList();
        Assert.True(rare.Count == 0, string.Join("\n", rare));
    }

    [Fact]
    public void Every_diagnostic_is_expected_of_some()
    {
        var counts = Declarations.Value.Where(declaration => declaration.Expected is not null).CountBy(declaration => declaration.Expected!).ToDictionary();
        Assert.Equal(Diagnostics.Descriptors.ById.Keys.Except(OfTheProject).Order(StringComparer.Ordinal), counts.Keys.Order(StringComparer.Ordinal));
        Assert.All(counts, count => Assert.True(count.Value >= Least, $"{count.Key}: {count.Value}"));
    }

    [Fact]
    public void Two_thirds_are_valid_and_hardly_two_are_the_same()
    {
        var valid = Declarations.Value.Where(declaration => declaration.IsValid).ToList();
        Assert.InRange(valid.Count, 6500, 7500);
        Assert.InRange(valid.Select(declaration => System.Text.RegularExpressions.Regex.Replace(declaration.Source, @"\d+", "#")).Distinct().Count(), 5500, valid.Count);
    }

    /// <summary>What an attribute in source text uses: itself, with how many positional arguments; each argument; and its value, if it is a word.</summary>
    private static IEnumerable<string> Uses(AttributeSyntax attribute)
    {
        var name = attribute.Name.ToString();
        var arguments = attribute.ArgumentList?.Arguments.ToList() ?? [];
        yield return $"{name}/{arguments.Count(argument => argument.NameEquals is null)}";
        foreach (var argument in arguments)
        {
            if (argument.NameEquals is { } named)
                yield return $"{name}.{named.Name}";
            if (argument.Expression is LiteralExpressionSyntax { Token.Value: bool } or MemberAccessExpressionSyntax)
                yield return $"{name}.{argument.NameEquals?.Name} {argument.Expression}";
        }
    }

    private static IEnumerable<string> ToCover(Type attribute)
    {
        var name = attribute.Name[..^"Attribute".Length];
        foreach (var constructor in attribute.GetConstructors())
        {
            yield return $"{name}/{constructor.GetParameters().Length}";
            foreach (var value in constructor.GetParameters().Where(parameter => parameter.ParameterType.IsEnum).SelectMany(parameter => Values(parameter.ParameterType)))
                yield return $"{name}. {value}";
        }

        foreach (var property in attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod?.IsPublic == true))
        {
            yield return $"{name}.{property.Name}";
            foreach (var value in Values(property.PropertyType))
                yield return $"{name}.{property.Name} {value}";
        }
    }

    private static IEnumerable<string> Values(Type type) =>
        type == typeof(bool) ? ["true", "false"] : type.IsEnum ? Enum.GetNames(type).Select(value => $"{type.Name}.{value}") : [];
}
