using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Declarations;

/// <summary>Reads the arguments of one attribute by the names of its properties, positional ones included.</summary>
internal sealed class AttributeReading
{
    private readonly Dictionary<string, TypedConstant> arguments = new(StringComparer.OrdinalIgnoreCase);

    public AttributeReading(AttributeData attribute)
    {
        this.Location = LocationInfo.Of(attribute.ApplicationSyntaxReference);
        this.IsBroken = attribute.AttributeConstructor is null
            || attribute.ConstructorArguments.Any(argument => argument.Kind == TypedConstantKind.Error)
            || attribute.NamedArguments.Any(argument => argument.Value.Kind == TypedConstantKind.Error);
        if (attribute.AttributeConstructor is { } constructor)
        {
            for (var i = 0; i < attribute.ConstructorArguments.Length; i++)
                this.arguments[constructor.Parameters[i].Name] = attribute.ConstructorArguments[i];
        }

        foreach (var named in attribute.NamedArguments)
            this.arguments[named.Key] = named.Value;
        this.Options = attribute.NamedArguments.Select(named => named.Key).ToList();
    }

    private AttributeReading(AttributeReading other, string option)
    {
        (this.Location, this.IsBroken, this.Options) = (other.Location, other.IsBroken, other.Options);
        this.arguments = new(other.arguments, StringComparer.OrdinalIgnoreCase);
        this.arguments.Remove(option);
    }

    public LocationInfo? Location { get; }

    /// <summary>Whether it does not compile, so that nothing can be said of what it means.</summary>
    public bool IsBroken { get; }

    /// <summary>The arguments that are given by name.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>Options whose value is none of their enumeration's, as a cast makes them: the option, the value, the allowed ones.</summary>
    public List<(string Option, string Value, string Allowed)> Undefined { get; } = [];

    public string? Name => this.Text("Name");

    /// <summary>Whether an option is one of several kinds, a value of an enumeration.</summary>
    public bool IsChoice(string option) => this.arguments.TryGetValue(option, out var constant) && constant.Kind == TypedConstantKind.Enum;

    /// <summary>The attribute as if an option were not written.</summary>
    public AttributeReading Without(string option) => new(this, option);

    public bool Has(string name) => this.arguments.ContainsKey(name);

    public double Number(string name, double otherwise = double.NaN) =>
        this.arguments.TryGetValue(name, out var constant) && constant.Value is { } value and not string
            ? Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)
            : otherwise;

    public int Integer(string name, int otherwise) =>
        this.arguments.TryGetValue(name, out var constant) && constant.Value is int value ? value : otherwise;

    public bool Flag(string name, bool otherwise = false) =>
        this.arguments.TryGetValue(name, out var constant) && constant.Value is bool value ? value : otherwise;

    public string? Text(string name) =>
        this.arguments.TryGetValue(name, out var constant) ? constant.Value as string : null;

    public TEnum Choice<TEnum>(string name, TEnum otherwise = default)
        where TEnum : struct, Enum
    {
        if (!this.arguments.TryGetValue(name, out var constant) || constant.Value is not int value)
            return otherwise;
        if (Enum.IsDefined(typeof(TEnum), value))
            return (TEnum)Enum.ToObject(typeof(TEnum), value);
        this.Undefined.Add((name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), string.Join(", ", Enum.GetNames(typeof(TEnum)))));
        return otherwise;
    }
}
