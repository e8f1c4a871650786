using System.Reflection;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>
/// Carries out a class whose only stage is <c>[Elementwise]</c> by calling its method as it stands, element by element: the
/// oracle of what is generated. Arithmetic outside of the method is in the method's own type.
/// </summary>
internal sealed class MethodOracle
{
    private readonly MethodInfo method;
    private readonly ParameterInfo[] parameters;
    private readonly Type type;
    private readonly IReadOnlyDictionary<string, double> hyperparameters;

    public MethodOracle(Type type, string method, OptimizerDescriptor descriptor)
    {
        this.type = type;
        this.method = type.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        this.parameters = this.method.GetParameters();
        this.hyperparameters = descriptor.Hyperparameters.ToDictionary(h => h.Name, h => h.Default);
    }

    private bool IsDouble => this.method.ReturnType == typeof(double);

    /// <summary>The largest difference between the generated optimizer and the method, <c>|a − b| / (|b| + 0.01)</c>.</summary>
    /// <param name="descriptor">The generated optimizer.</param>
    /// <param name="backend">The path that it takes.</param>
    /// <param name="values">The parameter's elements.</param>
    /// <param name="gradients">The gradient of each step.</param>
    public double Difference(OptimizerDescriptor descriptor, Backend backend, double[] values, double[][] gradients)
    {
        var dtype = this.IsDouble ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        using var parameter = new Parameter(torch.tensor(values, dtype: dtype));
        using var optimizer = descriptor.Create([parameter], new Dictionary<string, double>());
        optimizer.Backend = backend;
        var expected = (double[])values.Clone();
        var state = this.parameters.Select(p => p.ParameterType.IsByRef ? new double[values.Length] : null).ToArray();
        var worst = 0.0;
        for (var step = 1; step <= gradients.Length; step++)
        {
            parameter.grad = torch.tensor(gradients[step - 1], dtype: dtype);
            optimizer.step();
            this.Step(expected, gradients[step - 1], state, step);
            using var now = parameter.detach().to_type(torch.ScalarType.Float64);
            var actual = now.data<double>().ToArray();
            for (var i = 0; i < values.Length; i++)
                worst = Math.Max(worst, Error(actual[i], expected[i]));
        }

        return worst;
    }

    private static double Error(double a, double b)
    {
        if (a.Equals(b) || (double.IsNaN(a) && double.IsNaN(b)))
            return 0;
        var error = Math.Abs(a - b) / (Math.Abs(b) + 0.01);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private void Step(double[] values, double[] gradient, double[]?[] state, long step)
    {
        var perStep = this.parameters.Select(p => this.PerStep(p, step)).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var arguments = new object[this.parameters.Length];
            for (var k = 0; k < arguments.Length; k++)
            {
                arguments[k] = this.Number(
                    state[k] is { } s ? s[i]
                    : this.parameters[k].Name is "update" or "gradient" ? gradient[i]
                    : this.parameters[k].Name == "parameter" ? values[i]
                    : perStep[k]!.Value);
            }

            var update = this.method.Invoke(null, arguments)!;
            for (var k = 0; k < arguments.Length; k++)
            {
                if (state[k] is { } s)
                    s[i] = Convert.ToDouble(arguments[k], System.Globalization.CultureInfo.InvariantCulture);
            }

            values[i] = update is float single
                ? (float)values[i] - ((float)this.hyperparameters["lr"] * single)
                : values[i] - (this.hyperparameters["lr"] * (double)update);
        }
    }

    private object Number(double value) => this.IsDouble ? (object)value : (float)value;

    /// <summary>A hyperparameter, or what a [PerStep] method returns; null for signals and state.</summary>
    private double? PerStep(ParameterInfo parameter, long step)
    {
        if (this.hyperparameters.TryGetValue(Declarations.Naming.ToSnakeCase(parameter.Name!), out var value))
            return value;
        var target = this.type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .FirstOrDefault(m => m.GetCustomAttribute<PerStepAttribute>() is not null && Declarations.Naming.LowerFirst(m.Name) == parameter.Name);
        return (double?)target?.Invoke(null, [.. target.GetParameters().Select(p => p.Name == "step" ? (object)step : this.hyperparameters[Declarations.Naming.ToSnakeCase(p.Name!)])]);
    }
}
