using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record GraftStage
{
    /// <summary>Keeps the division defined where the preconditioned update is zero.</summary>
    private const double NormFloor = 1e-30;

    public override void Lower(LoweringContext context)
    {
        var graph = context.Graph;
        var d = this.GraftedUpdate(context).Named(new Symbol("d", "d", "d").For(this.Name));
        var u = Direction(context, d);
        if (u.Operation == Operation.Matrix)
            u.Named(Symbol.Plain("p"));
        var length = graph.Sum(d * d, SumScope.Tensor).Sqrt();
        var own = graph.Sum(u * u, SumScope.Tensor).Sqrt();
        var grafted = (length / (own + NormFloor)).Named(new Symbol("graftScale", "s_g", "s_g").For(this.Name)) * u;

        // Until the preconditioner begins to act, the grafted method is the method.
        context.Update = context.PreconditionerStart <= 1
            ? grafted
            : graph.Select(graph.Binary(Operation.Less, context.Step, graph.Constant(context.PreconditionerStart)), d, grafted);
    }

    /// <summary>The signal, up to a factor that its own norm takes out again; blocks of a Kronecker preconditioner get their lengths here.</summary>
    private static Expression Direction(LoweringContext context, Expression d)
    {
        var u = context.Update;
        var bare = u.Operation == Operation.Divide && u.Operands[1].IsUniform() ? u.Operands[0] : u;
        return bare.Operation == Operation.Matrix && context.KroneckerSlot is { } slot && bare.Matrix.Slot == slot
            ? KroneckerStage.GraftBlocks(context, slot, bare, d)
            : u;
    }

    private Expression GraftedUpdate(LoweringContext context)
    {
        var signal = context.PreconditionerInput;
        if (this.Grafting == Grafting.Sgd)
            return signal;

        var g = context.Gradient;
        var epsilon = context.Hyper(this, "graft_eps");
        var v = context.State(this, "graft_second_moment", new("vGraft", "vᵍ", "v^{g}"));
        if (this.Grafting == Grafting.Adagrad)
            return signal / (context.Store(v, v + (g * g)).Sqrt() + epsilon);

        var beta = context.Hyper(this, "graft_beta2");
        var next = context.Store(v, (beta * v) + ((1 - beta) * (g * g)));
        var statistic = this.Grafting == Grafting.Adam ? next / context.GatheredWeight(beta, "graftBiasCorrection2") : next;
        return signal / (statistic.Sqrt() + epsilon);
    }
}
