using System.Reflection;
using System.Reflection.Emit;

namespace OptBias.Lab.Tests.Numbers;

/// <summary>Which methods a method calls, read from its instructions.</summary>
internal static class MethodCalls
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Every method of an assembly with those that it calls.</summary>
    public static IEnumerable<(MethodBase Caller, IReadOnlyList<MethodBase> Called)> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
        where method.GetMethodBody() is not null
        select (method, Of(method));

    private static IReadOnlyList<MethodBase> Of(MethodBase method)
    {
        var called = new List<MethodBase>();
        var il = method.GetMethodBody()!.GetILAsByteArray()!;
        var position = 0;
        while (position < il.Length)
        {
            int code = il[position++];
            if (code == 0xFE)
                code = (code << 8) | il[position++];
            var operand = Codes[code].OperandType;
            if (operand == OperandType.InlineMethod)
                called.Add(Resolve(method, BitConverter.ToInt32(il, position)));
            position += Size(operand, il, position);
        }

        return called;
    }

    private static MethodBase Resolve(MethodBase method, int token) => method.Module.ResolveMethod(
        token, method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null)!;

    private static int Size(OperandType operand, byte[] il, int position) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, position)),
        _ => 4,
    };
}
