using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes.Problems;

/// <summary>The largest curvature times learning rate at which a rule of degree 1 is stable on a parabola: 2 for gradient descent, 2 + 2μ for heavy ball.</summary>
/// <remarks>Found by bisection from the rule's own steps, so that no rule's formula has to be known.</remarks>
internal static class StableCurvature
{
    private const int Steps = 400;

    /// <summary>The product, or NaN where the rule is unstable at any or stable at all.</summary>
    public static double Of(ProbeRule rule)
    {
        var (stable, unstable) = (1e-3, 64.0);
        if (!IsStable(rule, stable) || IsStable(rule, unstable))
            return double.NaN;
        while (unstable - stable > 1e-4 * stable)
        {
            var middle = 0.5 * (stable + unstable);
            (stable, unstable) = IsStable(rule, middle) ? (middle, unstable) : (stable, middle);
        }

        return 0.5 * (stable + unstable);
    }

    private static bool IsStable(ProbeRule rule, double curvature)
    {
        using var run = new ProbeRun(rule, [1]);
        run.Values()[0] = 1;
        try
        {
            for (var t = 0; t < Steps; t++)
            {
                run.Gradient()[0] = curvature * run.Values()[0];
                run.Step(1);
                if (Math.Abs(run.Values()[0]) > 1e6)
                    return false;
            }
        }
        catch (DivergedException)
        {
            return false;
        }

        return Math.Abs(run.Values()[0]) < 10;
    }
}
