namespace OptBias.Runtime.Tests;

/// <summary>Compositions that no published optimizer has, to test the language itself.</summary>
[Optimizer]
[ClipByNorm(1.0)]
public sealed partial class Clipped;

[Optimizer]
[ClipByNorm(1.0, Scope = ClipScope.Tensor)]
[Momentum(0.9)]
[Diagonal(0.999)]
public sealed partial class ClippedAdam;

[Optimizer]
[ClipByValue(0.1)]
[HeavyBall(0.9, Dampening = 0.5)]
public sealed partial class ValueClipped;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, StartAt = 1_000_000)]
[Graft(Grafting.Adam, Beta = 0.99, Epsilon = 1e-8)]
public sealed partial class NeverShampoo;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.99, Epsilon = 1e-8)]
public sealed partial class PlainAdam;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6, UpdateEvery = 3, StartAt = 4)]
[Graft(Grafting.Sgd)]
public sealed partial class LateShampoo;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6)]
[Graft(Grafting.RmsProp)]
public sealed partial class RmsPropShampoo;

[Optimizer]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6)]
[Graft(Grafting.Adagrad)]
public sealed partial class AdagradShampoo;

[Optimizer]
[Diagonal(0.99, Centered = true, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
[WeightDecay(0.1, Mode = DecayMode.AfterStep)]
public sealed partial class CenteredRms;

[Optimizer]
[Diagonal(0.99, EpsilonPlacement = EpsilonPlacement.BeforeCorrection)]
[HeavyBall(0.9, Nesterov = true)]
public sealed partial class HatEpsilon;

[Optimizer]
[Diagonal(0.99, Exponent = 0.25)]
[Sign]
public sealed partial class QuarterSign;

[Optimizer]
[Momentum(0.9)]
[Momentum(0.99, Name = "Slow")]
public sealed partial class TwoMomenta;

[Optimizer]
[PowerLaw(3.0)]
[Momentum(0.9, Nesterov = true)]
[Diagonal(0.99)]
[WeightDecay(0.01)]
[WeightDecay(0.02, Mode = DecayMode.L2, Name = "Ridge")]
public sealed partial class CubicAdam;

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999)]
[WeightDecay(0.1)]
[ClipByNorm(0.5)]
public sealed partial class UpdateClipped;

[Optimizer]
[WeightDecay(0.1, Mode = DecayMode.AfterStep)]
public sealed partial class AfterStep;

[Optimizer]
[PowerLaw(2.0)]
[WeightDecay(0.5)]
public sealed partial class DecayedPower;

/// <summary>The stages of <see cref="PlainAdam"/> without its momentum, by a method.</summary>
[Optimizer]
[Elementwise(nameof(Divide))]
public sealed partial class DividedByMethod
{
    private static float Divide(float update, float gradient, ref float v, [Hyper(0.99)] float beta2, [Hyper(1e-8)] float eps, float weight)
    {
        v = (beta2 * v) + ((1 - beta2) * gradient * gradient);
        return update / (MathF.Sqrt(v / weight) + eps);
    }

    [PerStep]
    private static double Weight(long step, double beta2) => 1 - Math.Pow(beta2, step);
}

[Optimizer]
[Diagonal(0.99, Epsilon = 1e-8)]
public sealed partial class DividedByStage;

[Optimizer]
[KroneckerBasis(0.9, UpdateEvery = 3)]
[Elementwise(nameof(Divide))]
public sealed partial class RotatedMethod
{
    private static float Divide(float update, float gradient, ref float v, [Hyper(0.99)] float beta2, [Hyper(1e-8)] float eps, float weight)
    {
        v = (beta2 * v) + ((1 - beta2) * gradient * gradient);
        return update / (MathF.Sqrt(v / weight) + eps);
    }

    [PerStep]
    private static double Weight(long step, double beta2) => 1 - Math.Pow(beta2, step);
}

[Optimizer]
[KroneckerBasis(0.9, UpdateEvery = 3)]
[Diagonal(0.99, Epsilon = 1e-8)]
public sealed partial class RotatedStage;

[Optimizer]
[PowerLaw(2.0)]
[Elementwise(nameof(Decay))]
public sealed partial class PowerMethod
{
    private static double Decay(double update, double parameter, [Hyper(0.5)] double weightDecay) => update + (weightDecay * parameter);
}

/// <summary>Two methods with the same names of state and hyperparameters, told apart by a name; names that others have too.</summary>
[Optimizer]
[Momentum(0.9)]
[Elementwise(nameof(Smooth))]
[Elementwise(nameof(Smooth), Name = "Second")]
[ClipByNorm(1.0)]
public sealed partial class TwoMethods
{
    private static float Smooth(float update, ref float m, ref float momentum, [Hyper(0.5)] float eta, [Hyper(2)] float t, float pace)
    {
        m += eta * (update - m);
        momentum = pace * (m + momentum);
        return m + (momentum / t);
    }

    [PerStep]
    private static double Pace(long step, double lr, double beta1) => lr * beta1 / step;
}

[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Factored = true)]
public sealed partial class FactoredAdam;

[Optimizer]
[PowerLaw(1.5)]
[Diagonal(Factored = true, Epsilon = 1e-6, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
[ClipByNorm(1.0)]
public sealed partial class FactoredAdagrad;

[Optimizer]
[ClipByRootMeanSquare(0.5)]
[Diagonal(BetaSchedule = nameof(Rate), Epsilon = 1e-4)]
[ScaleByParameter(0.01)]
public sealed partial class ScheduledRmsProp
{
    [PerStep]
    private static double Rate(long step, [Hyper(0.9, Minimum = 0, Maximum = 1)] double last) => Math.Min(last, 1 - (1.0 / step));
}

/// <summary>A preconditioner that learns from a clipped gradient, which no tensor holds before the first pass.</summary>
[Optimizer]
[ClipByNorm(1.0)]
[Momentum(0.9)]
[Kronecker(0.9, Epsilon = 1e-6, UpdateEvery = 2)]
public sealed partial class ClippedShampoo;

/// <summary>Two routes of which each may refuse what the other has taken.</summary>
[Optimizer]
[Route(typeof(Optimizers.Shampoo), When = ParameterShape.Matrix)]
[Route(typeof(Optimizers.ShampooSum))]
public sealed partial class TwoShampoos;

/// <summary>A route that refuses at the end of a step, beside one that is done by then.</summary>
[Optimizer]
[Route(typeof(Optimizers.Soap), When = ParameterShape.Matrix)]
[Route(typeof(Optimizers.AdamW))]
public sealed partial class SoapAndAdamW;

/// <summary>Gradient descent in whose steps tests can do what they want.</summary>
[Optimizer]
[Elementwise(nameof(Scaled))]
public sealed partial class Interrupted
{
    [ThreadStatic]
    internal static Action? During;

    private static float Scaled(float update, float factor) => update * factor;

    [PerStep]
    private static double Factor(long step)
    {
        During?.Invoke();
        return 1;
    }
}
