using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Generators.Tests;

/// <summary>
/// The default of an option stands in two places: in the attribute, where users read it, and where the generator reads declarations. A
/// declaration that gives an option the attribute's default yields what one yields that leaves it out.
/// </summary>
public sealed class OptionDefaultTests
{
    private const int Samples = 3;

    /// <summary>Their documentation says so: without a rate of forgetting the statistic is a sum.</summary>
    private static readonly string[] DependOnTheRate = ["Diagonal.Statistic", "Kronecker.Accumulate", "KroneckerBasis.Accumulate"];

    private static readonly Lazy<ILookup<string, (string Source, AttributeSyntax Attribute)>> Uses = new(() =>
        Enumerable.Range(0, 1500).Select(RandomDeclaration.Make).Where(static declaration => declaration is { Expected: null, IsOptimizer: true })
            .SelectMany(static declaration => CSharpSyntaxTree.ParseText(declaration.Source).GetRoot().DescendantNodes().OfType<AttributeSyntax>().Select(attribute => (declaration.Source, attribute)))
            .ToLookup(static use => use.attribute.Name.ToString(), StringComparer.Ordinal));

    public static TheoryData<Type> Attributes => [.. typeof(StageAttribute).Assembly.GetTypes()
        .Where(static type => type.IsSubclassOf(typeof(StageAttribute)) && !type.IsAbstract && Options(type).Any())
        .Concat([typeof(OptimizerAttribute), typeof(StateAttribute), typeof(RouteAttribute)])];

    [Theory]
    [MemberData(nameof(Attributes))]
    public void An_option_that_is_given_its_default_changes_nothing(Type attribute)
    {
        var name = attribute.Name[..^nameof(Attribute).Length];
        foreach (var option in Options(attribute))
        {
            var uses = Uses.Value[name].Where(use => !(DependOnTheRate.Contains($"{name}.{option.Name}") && Positional(use.Attribute) == 0)).Take(Samples).ToList();
            Assert.True(uses.Count == Samples, $"{name}.{option.Name}: {uses.Count} of {Samples} samples");
            foreach (var (source, syntax) in uses)
            {
                if (Literal(option.GetValue(Instance(attribute, Positional(syntax)))) is not { } value)
                    continue;
                var (left, spelled) = (With(source, syntax, option.Name, null), With(source, syntax, option.Name, value));
                Assert.True(Generated(left) == Generated(spelled), $"{name}.{option.Name} = {value} is not what the generator takes where nothing is said:\n{spelled}");
            }
        }
    }

    private static IEnumerable<PropertyInfo> Options(Type attribute) =>
        attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.SetMethod?.IsPublic == true);

    private static int Positional(AttributeSyntax attribute) => attribute.ArgumentList?.Arguments.Count(static argument => argument.NameEquals is null) ?? 0;

    private static object Instance(Type attribute, int positional)
    {
        var constructor = attribute.GetConstructors().Single(c => c.GetParameters().Length == positional);
        return constructor.Invoke([.. constructor.GetParameters().Select(static parameter => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)]);
    }

    /// <summary>As C#; null for an option that has no value unless it is set.</summary>
    private static string? Literal(object? value) => value switch
    {
        null => null,
        double.NaN => "double.NaN",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Enum choice => $"global::OptBias.{choice.GetType().Name}.{choice}",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"An option of type {value.GetType()}."),
    };

    /// <summary>The source with an option of an attribute given this value, or left out.</summary>
    private static string With(string source, AttributeSyntax attribute, string option, string? value)
    {
        var others = attribute.ArgumentList?.Arguments.Where(argument => argument.NameEquals?.Name.ToString() != option).Select(static argument => argument.ToString()) ?? [];
        return $"{source[..attribute.Span.Start]}{attribute.Name}({string.Join(", ", value is null ? others : others.Append($"{option} = {value}"))}){source[attribute.Span.End..]}";
    }

    private static string Generated(string source)
    {
        var (output, diagnostics) = DeclarationCompilation.Run(DeclarationCompilation.Of(source));
        Assert.Empty(diagnostics);
        return string.Join("\n", output.SyntaxTrees.Skip(1));
    }
}
