using System.Globalization;
using System.Reflection;

namespace OptBias.Package.Tests;

/// <summary>
/// What an assembly promises its users, as text: public and protected types and members, one a line, in ordinal order.
/// Names of parameters and default values belong to it, since callers write the one and compile in the other.
/// </summary>
static class PublicApiText
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => string.Join(
        '\n',
        assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => string.Join('\n', Members(type).Order(StringComparer.Ordinal).Select(line => $"    {line}").Prepend(Header(type)))));

    static string Header(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        if (type.IsSubclassOf(typeof(Delegate)))
            return $"delegate {Signature(type.GetMethod("Invoke")!, TypeName.Of(type))}";

        List<Type> bases = [.. type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? [])];
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            bases.Insert(0, parent);
        var inherited = bases.Count == 0 || type.IsEnum ? "" : " : " + string.Join(", ", bases.Select(TypeName.Of).Order(StringComparer.Ordinal));
        return $"{kind} {TypeName.Of(type)}{inherited}";
    }

    static IEnumerable<string> Members(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
            return [];
        if (type.IsEnum)
            return Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => $"{Enum.GetName(type, value)} = {value}");

        // A record's clone has a name that no caller can write.
        return type.GetMembers(Declared).Where(member => !member.Name.Contains('<')).Select(Line).OfType<string>();
    }

    static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) =>
            $"{Modifiers(constructor)}.ctor({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            Modifiers(method) + Signature(method, method.Name),
        PropertyInfo property when property.GetAccessors(true).Where(IsVisible).ToList() is [var accessor, ..] accessors =>
            $"{Modifiers(accessor)}{TypeName.Of(property.PropertyType)} {property.Name}"
            + (property.GetIndexParameters().Length > 0 ? $"[{Parameters(property.GetIndexParameters())}]" : "")
            + $" {{ {string.Join(' ', accessors.Select(Accessor).Order(StringComparer.Ordinal))} }}",
        FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly =>
            $"{(field.IsPublic ? "" : "protected ")}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}"
            + $"{TypeName.Of(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {Constant(field.GetRawConstantValue())}" : "")}",
        EventInfo { AddMethod: { } add } declared when IsVisible(add) =>
            $"{Modifiers(add)}event {TypeName.Of(declared.EventHandlerType!)} {declared.Name}",
        _ => null,
    };

    static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static string Accessor(MethodInfo accessor)
    {
        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
        return accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get;" : isInit ? "init;" : "set;";
    }

    static string Modifiers(MethodBase method)
    {
        var visibility = method.IsPublic ? "" : "protected ";
        var kind = method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            MethodInfo { IsVirtual: true, IsFinal: false } overriding when overriding.GetBaseDefinition() != overriding => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        return visibility + kind;
    }

    static string Signature(MethodInfo method, string name)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName.Of))}>" : "";
        return $"{TypeName.Of(method.ReturnType)} {name}{generic}({Parameters(method)})";
    }

    static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{(parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "")}"
        + $"{TypeName.Of(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue)}" : "")));

    static string Constant(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
