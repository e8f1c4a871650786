using System.Reflection;
using OptBias.Lab.Commands;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Numbers;

/// <summary>
/// TorchSharp's operations that take a number make a scalar that nothing keeps alive while libtorch reads it; where the collector runs
/// in between, numbers are wrong or the process ends. The laboratory holds its scalars (<see cref="TensorArithmetic"/>, <see cref="TensorReading"/>), and
/// so does the runtime.
/// </summary>
public sealed class HeldNumberTests
{
    /// <summary>The laboratory, and the runtime that every optimizer runs in.</summary>
    public static TheoryData<string> Assemblies => [typeof(CommandLine).Assembly.GetName().Name!, typeof(DeclaredOptimizer).Assembly.GetName().Name!];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Libtorch_gets_no_number_that_the_collector_may_free(string assembly)
    {
        var careless = Careless();
        var found = from method in MethodCalls.Of(Assembly.Load(assembly))
                    from called in method.Called
                    where IsConversion(called) || careless.Contains(Name(called))
                    select $"{method.Caller.DeclaringType} {method.Caller.Name} calls {called.DeclaringType?.Name}.{called}";
        Assert.True(!found.Any(), string.Join("\n", found));
    }

    [Fact]
    public void The_careless_operations_are_known()
    {
        var careless = Careless();
        Assert.All(
            [
                Name(typeof(Tensor).GetMethod("square", [])!),
                Name(typeof(Tensor).GetMethod("op_Addition", [typeof(Tensor), typeof(Tensor)])!),
                Name(typeof(Tensor).GetMethod("op_Division", [typeof(Tensor), typeof(double)])!),
                Name(typeof(TensorExtensionMethods).GetMethod("ToSingle", [typeof(Tensor)])!),
            ],
            name => Assert.Contains(name, careless));
        Assert.DoesNotContain(Name(typeof(Tensor).GetMethod("mul", [typeof(Tensor)])!), careless);
        Assert.DoesNotContain(Name(typeof(Tensor).GetMethod("op_Subtraction", [typeof(Tensor), typeof(Tensor)])!), careless);
    }

    /// <summary>TorchSharp's methods that make a scalar themselves, or call one that does.</summary>
    private static HashSet<(Module, int)> Careless()
    {
        var calls = MethodCalls.Of(typeof(torch).Assembly).Where(m => m.Caller.DeclaringType != typeof(Scalar) && m.Caller.DeclaringType != typeof(ScalarExtensionMethods)).ToArray();
        var careless = calls.Where(m => m.Called.Any(c => IsConversion(c) || c.Name == "ToScalar")).Select(m => Name(m.Caller)).ToHashSet();
        for (var before = -1; before < careless.Count;)
        {
            before = careless.Count;
            foreach (var (caller, called) in calls)
            {
                if (called.Any(c => careless.Contains(Name(c))))
                    careless.Add(Name(caller));
            }
        }

        return careless;
    }

    /// <summary>From a number to a scalar without a word: nobody can hold what has no name.</summary>
    private static bool IsConversion(MethodBase method) => method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit";

    /// <summary>The same for a generic method and its instances.</summary>
    private static (Module Module, int Token) Name(MethodBase method) => (method.Module, method.MetadataToken);
}
