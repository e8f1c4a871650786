using System.Reflection;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>
/// Carries out a class with <c>[Elementwise]</c> by calling its method as it stands, element by element: the oracle of what is
/// generated. Arithmetic outside of the method is in the method's own type.
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

    /// <summary>The stages above and below the method, carried out by hand; none unless set.</summary>
    public IReadOnlyList<string> Above { get; init; } = [];

    /// <inheritdoc cref="Above"/>
    public IReadOnlyList<string> Below { get; init; } = [];

    /// <summary>What is done to every number that is the same for all elements before the method gets it; nothing unless set.</summary>
    public Func<double, double> Disturb { get; init; } = number => number;

    /// <summary>The largest difference between the generated optimizer and the method, <c>|a − b| / (|b| + 0.01)</c>.</summary>
    /// <param name="descriptor">The generated optimizer.</param>
    /// <param name="backend">The path that it takes.</param>
    /// <param name="values">The parameter's elements.</param>
    /// <param name="gradients">The gradient of each step.</param>
    public double Difference(OptimizerDescriptor descriptor, Backend backend, double[] values, double[][] gradients) =>
        Difference(descriptor, backend, values, gradients, this.Trajectory(values, gradients), this.IsDouble ? torch.ScalarType.Float64 : torch.ScalarType.Float32);

    /// <summary>The same, where the elements after each step are known.</summary>
    public static double Difference(
        OptimizerDescriptor descriptor, Backend backend, double[] values, double[][] gradients, double[][] expected, torch.ScalarType dtype = torch.ScalarType.Float64)
    {
        using var start = torch.tensor(values, dtype: dtype);
        using var parameter = new Parameter(start);
        using var optimizer = descriptor.Create([parameter], new Dictionary<string, double>());
        optimizer.Backend = backend;
        optimizer.OnNonFinite = NonFiniteAction.Propagate; // What a method makes of NaN and infinity is compared too.
        var worst = 0.0;
        for (var step = 0; step < gradients.Length; step++)
        {
            using var gradient = torch.tensor(gradients[step], dtype: dtype);
            parameter.grad = gradient;
            optimizer.step();
            using var detached = parameter.detach();
            using var now = detached.to_type(torch.ScalarType.Float64);
            worst = Math.Max(worst, Distance(now.data<double>().ToArray(), expected[step]));
        }

        return worst;
    }

    /// <summary>The largest <c>|a − b| / (|b| + 0.01)</c>.</summary>
    public static double Distance(double[] values, double[] expected) => values.Zip(expected, Error).Max();

    /// <summary>The parameter's elements after each step.</summary>
    public double[][] Trajectory(double[] values, double[][] gradients)
    {
        var state = this.parameters.Select(p => p.ParameterType.IsByRef ? new double[values.Length] : null).ToArray();
        List<StageByHand> above = [.. this.Above.Select(StageByHand.Of)];
        List<StageByHand> below = [.. this.Below.Select(StageByHand.Of)];
        var current = (double[])values.Clone();
        var trajectory = new List<double[]>();
        for (var step = 1; step <= gradients.Length; step++)
        {
            var gradient = (double[])gradients[step - 1].Clone();
            var update = above.Aggregate(gradient, (u, stage) => stage.Apply(u, gradient, step));
            update = this.Apply(update, gradient, current, state, step);
            update = below.Aggregate(update, (u, stage) => stage.Apply(u, gradient, step));
            current = [.. current.Zip(update, this.Subtract)];
            trajectory.Add(current);
        }

        return [.. trajectory];
    }

    private static double Error(double a, double b)
    {
        if (a == b || (double.IsNaN(a) && double.IsNaN(b)))
            return 0;
        var error = Math.Abs(a - b) / (Math.Abs(b) + 0.01);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private double Subtract(double value, double update) => this.IsDouble
        ? value - (this.hyperparameters["lr"] * update)
        : (float)value - ((float)this.hyperparameters["lr"] * (float)update);

    /// <summary>Calls the method for each element.</summary>
    private double[] Apply(double[] update, double[] gradient, double[] values, double[]?[] state, long step)
    {
        var perStep = this.parameters.Select(p => this.PerStep(p, step) is { } number ? this.Disturb(number) : 0).ToArray();
        var result = new double[values.Length];
        var arguments = new object[this.parameters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            for (var k = 0; k < arguments.Length; k++)
            {
                arguments[k] = this.Number(
                    state[k] is { } s ? s[i]
                    : this.parameters[k].Name == "update" ? update[i]
                    : this.parameters[k].Name == "gradient" ? gradient[i]
                    : this.parameters[k].Name == "parameter" ? values[i]
                    : perStep[k]);
            }

            result[i] = Plain(this.method.Invoke(null, arguments)!);
            for (var k = 0; k < arguments.Length; k++)
            {
                if (state[k] is { } s)
                    s[i] = Plain(arguments[k]);
            }
        }

        return result;
    }

    private static double Plain(object number) => number is float single ? single : (double)number;

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
