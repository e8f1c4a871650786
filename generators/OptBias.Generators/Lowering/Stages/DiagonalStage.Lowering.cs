using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record DiagonalStage
{
    private static readonly Symbol V = Symbol.Plain("v");

    public override void Lower(LoweringContext context)
    {
        context.PreconditionerInput = context.Update;
        context.PreconditionerStart = 1;

        var g = context.Gradient;
        var epsilon = context.Hyper(this, "eps");
        var v = context.State(this, "second_moment", V);
        context.Follow(v);

        if (this.Statistic == DiagonalStatistic.Infinity)
        {
            var infinity = context.Store(v, (context.Hyper(this, "beta2") * v).Max(g.Abs() + epsilon));
            context.Update /= infinity;
            return;
        }

        var statistic = context.Store(v, this.Statistic == DiagonalStatistic.Sum
            ? v + (g * g)
            : (context.Hyper(this, "beta2") * v) + ((1 - context.Hyper(this, "beta2")) * (g * g)));

        if (this.Statistic == DiagonalStatistic.Max)
        {
            var maximum = context.State(this, "max_second_moment", new("vMax", "vᵐᵃˣ", "v^{\\max}"));
            context.Follow(maximum);
            statistic = context.Store(maximum, maximum.Max(statistic));
        }

        if (this.Centered)
        {
            var mean = context.State(this, "gradient_mean", new("gBar", "ḡ", "\\bar g"));
            var beta = context.Hyper(this, "beta2");
            var nextMean = context.Store(mean, (beta * mean) + ((1 - beta) * g));
            statistic -= nextMean * nextMean;
        }

        context.Update /= this.Denominator(context, statistic, epsilon);
    }

    private Expression Denominator(LoweringContext context, Expression statistic, Expression epsilon)
    {
        if (!this.CorrectsBias)
        {
            return this.EpsilonPlacement == EpsilonPlacement.InsideRoot
                ? (statistic + epsilon).Power(this.Exponent)
                : statistic.Power(this.Exponent) + epsilon;
        }

        var weight = context.GatheredWeight(context.Hyper(this, "beta2"), "biasCorrection2");
        var corrected = (statistic / weight).Named(new Symbol("vHat", "v̂", "\\hat v").For(this.Name));
        return this.EpsilonPlacement switch
        {
            EpsilonPlacement.InsideRoot => (corrected + epsilon).Power(this.Exponent),
            EpsilonPlacement.BeforeCorrection => (statistic.Power(this.Exponent) + epsilon) / weight.Power(this.Exponent),
            _ => corrected.Power(this.Exponent) + epsilon,
        };
    }
}
