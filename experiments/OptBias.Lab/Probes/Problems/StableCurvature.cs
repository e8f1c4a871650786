using System.Runtime.InteropServices;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes.Problems;

/// <summary>
/// The largest curvature times learning rate at which a rule is stable on a parabola: 2 for gradient descent, 2 + 2μ for heavy ball; with its
/// second moment held at 1, (2 + 2β₁)/(1 − β₁) for Adam.
/// </summary>
/// <remarks>Found by bisection from the rule's own steps, so that no rule's formula has to be known.</remarks>
internal static class StableCurvature
{
    private const int Steps = 400;

    /// <summary>Steps at rest before the start: corrections for a state of zero make the first steps larger.</summary>
    private const int Rest = 200;

    private const string SecondMoment = "second_moment";
    private const string SecondMomentRate = "beta2";

    /// <summary>Of a rule of degree 1; NaN where it is unstable at any curvature or stable at all.</summary>
    public static double Of(ProbeRule rule) => Bisect(curvature => IsStable(rule, curvature, held: false));

    /// <summary>
    /// Of a rule that divides by a power of a second moment for each element, while that is held at 1, and the power. NaN where the rule keeps no
    /// such state, or others than an average of gradients.
    /// </summary>
    public static (double Curvature, double Exponent) OfHeldMoment(ProbeRule rule)
    {
        if (!rule.Hyperparameters.ContainsKey(SecondMomentRate) || !KeepsMomentsOnly(rule))
            return (double.NaN, double.NaN);

        // With a short memory the corrections for the zero at the start are soon gone.
        var shortMemory = new ProbeRule(rule.Name, rule.Optimizer, new Dictionary<string, double>(rule.Changes) { [SecondMomentRate] = 0.5 });
        return (Bisect(curvature => IsStable(shortMemory, curvature, held: true)), Math.Log(FirstStep(shortMemory, 1) / FirstStep(shortMemory, 4)) / Math.Log(4));
    }

    private static double Bisect(Func<double, bool> isStable)
    {
        var (stable, unstable) = (1e-3, 1e3);
        if (!isStable(stable) || isStable(unstable))
            return double.NaN;
        while (unstable - stable > 1e-4 * stable)
        {
            var middle = 0.5 * (stable + unstable);
            (stable, unstable) = isStable(middle) ? (middle, unstable) : (stable, middle);
        }

        return 0.5 * (stable + unstable);
    }

    private static bool KeepsMomentsOnly(ProbeRule rule)
    {
        using var run = new ProbeRun(rule, [1]);
        var names = run.States.SelectMany(s => s.Tensors).Select(t => t.Name).ToArray();
        return names.Contains(SecondMoment) && names.All(n => n is SecondMoment or "momentum");
    }

    private static bool IsStable(ProbeRule rule, double curvature, bool held)
    {
        // Beside a moment of 1 the square of such a gradient is nothing.
        const double Small = 1e-12;
        using var run = new ProbeRun(rule, [1]);
        run.Values()[0] = Small;
        try
        {
            for (var t = 0; t < Rest + Steps; t++)
            {
                run.Gradient()[0] = t < Rest ? 0 : curvature * run.Values()[0];
                if (held)
                    Hold(run, 1);
                run.Step(1);
                if (Math.Abs(run.Values()[0]) > 1e6 * Small)
                    return false;
            }
        }
        catch (DivergedException)
        {
            return false;
        }

        return Math.Abs(run.Values()[0]) < 10 * Small;
    }

    private static double FirstStep(ProbeRule rule, double moment)
    {
        using var run = new ProbeRun(rule, [1]);
        run.Gradient()[0] = 1e-9;
        Hold(run, moment);
        run.Step(1);
        return Math.Abs(run.Values()[0]);
    }

    /// <summary>Sets the moment so that it is right after the step has halved it.</summary>
    private static void Hold(ProbeRun run, double moment)
    {
        var state = run.States.First().Tensors.First(t => t.Name == SecondMoment).Value;
        MemoryMarshal.Cast<byte, double>(state.bytes)[0] = 2 * moment;
    }
}
