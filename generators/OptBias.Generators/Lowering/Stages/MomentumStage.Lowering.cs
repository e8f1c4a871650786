using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record MomentumStage
{
    public override void Lower(LoweringContext context)
    {
        var beta = context.Hyper(this, "beta1");
        var m = context.State(this, "momentum", Symbol.Plain("m"));
        var signal = context.Update;
        var next = context.Store(m, (beta * m) + ((1 - beta) * signal));

        if (this.Interpolation is not null)
        {
            var iota = context.Hyper(this, "interpolation");
            var mix = ((iota * m) + ((1 - iota) * signal)).Named(Symbol.Plain("c").For(this.Name));

            // The old average has gathered 1 − βᵗ⁻¹, so the mix has gathered 1 − ι βᵗ⁻¹.
            context.Update = this.BiasCorrection
                ? mix / (1 - (iota * beta.Power(context.Step - 1)))
                : mix;
            return;
        }

        var weight = context.GatheredWeight(beta, "biasCorrection1");
        if (!this.Nesterov)
        {
            context.Update = this.BiasCorrection ? (next / weight).Named(new Symbol("mHat", "m̂", "\\hat m").For(this.Name)) : next;
            return;
        }

        // Dozat 2016: the average as it will be one step later, so it has gathered 1 − βᵗ⁺¹.
        context.Update = this.BiasCorrection
            ? (beta * (next / (1 - beta.Power(context.Step + 1)))) + ((1 - beta) * (signal / weight))
            : (beta * next) + ((1 - beta) * signal);
    }
}
