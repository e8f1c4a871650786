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
        if (this.Factored)
        {
            var product = this.LowerFactored(context, epsilon).Named(V.For(this.Name));
            context.Update /= this.Denominator(context, product, epsilon);
            return;
        }

        var v = context.State(this, "second_moment", V);
        context.Follow(v);

        if (this.Statistic == DiagonalStatistic.Infinity)
        {
            var infinity = context.Store(v, (this.Rate(context) * v).Max(g.Abs() + epsilon));
            context.Update /= infinity;
            return;
        }

        var square = this.EpsilonPlacement == EpsilonPlacement.InsideStatistic ? (g * g) + epsilon : g * g;
        var statistic = context.Store(v, this.Statistic == DiagonalStatistic.Sum
            ? v + square
            : (this.Rate(context) * v) + ((1 - this.Rate(context)) * square));

        if (this.Statistic == DiagonalStatistic.Max)
        {
            var maximum = context.State(this, "max_second_moment", new("vMax", "vᵐᵃˣ", "v^{\\max}"));
            context.Follow(maximum);
            statistic = context.Store(maximum, maximum.Max(statistic));
        }

        if (this.Centered)
        {
            var mean = context.State(this, "gradient_mean", new("gBar", "ḡ", "\\bar g"));
            var beta = this.Rate(context);
            var nextMean = context.Store(mean, (beta * mean) + ((1 - beta) * g));

            // A variance; where the gradient stays the same, rounding alone is left of it, and that has either sign.
            statistic = (statistic - (nextMean * nextMean)).Max(context.Graph.Constant(0));
        }

        context.Update /= this.Denominator(context, statistic, epsilon);
    }

    /// <summary>The forgetting rate of this step.</summary>
    private Expression Rate(LoweringContext context) => this.Schedule is { } schedule
        ? context.PerStep(this, schedule, Naming.LowerFirst(this.BetaSchedule!))
        : context.Hyper(this, "beta2");

    private Expression Denominator(LoweringContext context, Expression statistic, Expression epsilon)
    {
        if (!this.CorrectsBias)
        {
            return this.EpsilonPlacement switch
            {
                EpsilonPlacement.InsideRoot => (statistic + epsilon).Power(this.Exponent),
                EpsilonPlacement.InsideStatistic => statistic.Power(this.Exponent),
                _ => statistic.Power(this.Exponent) + epsilon,
            };
        }

        var weight = context.GatheredWeight(context.Hyper(this, "beta2"), "biasCorrection2");
        var corrected = (statistic / weight).Named(new Symbol("vHat", "v̂", "\\hat v").For(this.Name));
        return this.EpsilonPlacement switch
        {
            EpsilonPlacement.InsideRoot => (corrected + epsilon).Power(this.Exponent),
            EpsilonPlacement.InsideStatistic => corrected.Power(this.Exponent),
            EpsilonPlacement.BeforeCorrection => (statistic.Power(this.Exponent) + epsilon) / weight.Power(this.Exponent),
            _ => corrected.Power(this.Exponent) + epsilon,
        };
    }
}
