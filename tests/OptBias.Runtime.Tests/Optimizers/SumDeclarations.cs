namespace OptBias.Runtime.Tests;

/// <summary>A sum of the update, one over all parameters that reads state, and a number made of sums and shape.</summary>
[Optimizer(LearningRate = 0.01)]
[Momentum(0.9)]
[Elementwise(nameof(Scale))]
public sealed partial class Summed
{
    private static double Scale(double update, double gradient, double dot, double all, double share, ref double seen)
    {
        seen = (0.9 * seen) + (0.1 * Math.Abs(gradient));
        return (update * share) + (dot / (1 + all));
    }

    [Sum]
    private static double Dot(double update, double parameter) => update * parameter;

    [Sum(Over = SumOver.AllParameters)]
    private static double All(double gradient, double seen, [Hyper(1e-3, Minimum = 0)] double floor) => (gradient * gradient) + seen + floor;

    [PerStep]
    private static double Share(long step, double dot, double squares, double rows, double columns, double floor) =>
        (1 + (rows / columns) + Math.Tanh(dot)) / (step + squares + floor);

    [Sum]
    private static double Squares(double parameter) => parameter * parameter;
}

/// <summary>Moonlight's scale of Muon, of the shape alone; and a sum within a sum: the variance of a tensor's gradient.</summary>
[Optimizer(LearningRate = 0.0005)]
[HeavyBall(0.9)]
[Elementwise(nameof(Standardize))]
public sealed partial class Standardized
{
    private static double Standardize(double update, double rows, double columns, double elements, double total, double spread) =>
        0.2 * Math.Sqrt(Math.Max(rows, columns)) * (update - (total / elements)) / (Math.Sqrt(spread / elements) + 0.1);

    [Sum]
    private static double Total(double update) => update;

    [Sum]
    private static double Spread(double update, double total, double elements)
    {
        var centred = update - (total / elements);
        return centred * centred;
    }
}
