namespace OptBias.Runtime.Tests;

/// <summary>One second moment for each row, as NorMuon and Adam-mini keep it.</summary>
[Optimizer(LearningRate = 0.01)]
[Momentum(0.9)]
[Elementwise(nameof(Normalize))]
public sealed partial class RowNormalized
{
    private static double Normalize(double update, double power, double columns, [Hyper(0.95, Minimum = 0, Maximum = 1)] double decay, [PerRow] ref double v)
    {
        v = (decay * v) + ((1 - decay) * power / columns);
        return update / (Math.Sqrt(v) + 1e-8);
    }

    [Sum(Over = SumOver.EachRow)]
    private static double Power(double update) => update * update;
}

/// <summary>Sums of rows and columns at once, state of both, a sum that reads state of rows, and state of elements beside them.</summary>
[Optimizer(LearningRate = 0.01)]
[Elementwise(nameof(Scale))]
public sealed partial class Crossed
{
    private static double Scale(double gradient, double across, double down, double later, [PerRow] ref double r, [PerColumn] ref double c, ref double m)
    {
        r = (0.5 * r) + Math.Abs(across);
        c = Math.Max(c, down);
        m = (0.9 * m) + gradient;
        return (m / (1 + (r * c))) + (later * 0.01);
    }

    [Sum(Over = SumOver.EachRow)]
    private static double Across(double gradient) => gradient;

    [Sum(Over = SumOver.EachColumn)]
    private static double Down(double gradient) => gradient * gradient;

    /// <summary>Of state as it was before the step, and of another sum.</summary>
    [Sum(Over = SumOver.EachRow)]
    private static double Later(double gradient, double c, double down) => gradient / (1 + c + down);
}

/// <summary>Rows of the last two dimensions (a factored moment) and of the matrix [first dimension, all others] in one pass.</summary>
[Optimizer(LearningRate = 0.01)]
[Diagonal(0.9, Factored = true)]
[Elementwise(nameof(Scale))]
public sealed partial class BothKindsOfRows
{
    private static double Scale(double update, double power, [PerRow] ref double v, [PerColumn] ref double w, double down)
    {
        v = (0.9 * v) + power;
        w = (0.9 * w) + down;
        return update / (1 + v) + update / (1 + w);
    }

    [Sum(Over = SumOver.EachRow)]
    private static double Power(double gradient) => gradient * gradient;

    [Sum(Over = SumOver.EachColumn)]
    private static double Down(double gradient) => gradient * gradient;
}
