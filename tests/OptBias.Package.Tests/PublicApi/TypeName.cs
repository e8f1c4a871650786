namespace OptBias.Package.Tests;

/// <summary>Names of types as C# writes them, with namespaces, without nullable annotations of references.</summary>
static class TypeName
{
    static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(nint)] = "nint",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsByRef)
            return Of(type.GetElementType()!);
        if (type.IsPointer)
            return $"{Of(type.GetElementType()!)}*";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying)}?";

        // A nested type carries its parent's arguments, too; each level shows its own.
        var arguments = type.GetGenericArguments();
        var outer = type.DeclaringType is { } parent ? parent.GetGenericArguments().Length : 0;
        var prefix = type.DeclaringType is { } declaring ? $"{Of(declaring)}." : type.Namespace is { } space ? $"{space}." : "";
        var own = arguments.Skip(outer).ToList();
        return $"{prefix}{type.Name.Split('`')[0]}{(own.Count == 0 ? "" : $"<{string.Join(", ", own.Select(Of))}>")}";
    }
}
