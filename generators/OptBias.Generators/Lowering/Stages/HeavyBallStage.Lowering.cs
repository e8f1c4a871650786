using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record HeavyBallStage
{
    public override void Lower(LoweringContext context)
    {
        var graph = context.Graph;
        var mu = context.Hyper(this, "momentum");
        var b = context.State(this, "momentum_buffer", Symbol.Plain("b"));
        var signal = context.Update;

        // torch.optim.SGD starts the buffer with the first gradient itself, undampened.
        var weight = this.Dampening is null
            ? graph.Constant(1)
            : graph.Select(
                graph.Binary(Operation.LessOrEqual, context.Step, graph.Constant(1)),
                graph.Constant(1),
                1 - context.Hyper(this, "dampening"));

        var next = context.Store(b, (mu * b) + (weight * signal));
        context.Update = this.Nesterov ? signal + (mu * next) : next;
    }
}
