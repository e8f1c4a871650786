using OptBias.Generators.Emission;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record KroneckerStage
{
    private const string Type = "global::OptBias.LinearAlgebra.KroneckerPreconditioner";

    public override void Lower(LoweringContext context)
    {
        context.PreconditionerInput = context.Update;
        context.PreconditionerStart = this.StartAt;

        var beta = this.Beta is null ? null : context.Hyper(this, "shampoo_beta").Hyperparameter.Symbol;
        var epsilon = context.Hyper(this, "shampoo_eps").Hyperparameter.Symbol;
        var every = context.Hyper(this, "update_every").Hyperparameter.Symbol;

        context.KroneckerSlot = context.MatrixSlot(
            this, "kronecker", $"new {Type}(parameter.shape, global::OptBias.ParameterState.ArithmeticTypeOf(parameter), parameter.device, {this.Settings()}, name)",
            this.Statistics(context.Gradient.Symbol ?? TensorSlot.Gradient.Symbol, beta, epsilon, every));
        context.Update = context.Matrix(
            new MatrixStage
            {
                Name = this.Qualify("kronecker"),
                Slot = context.KroneckerSlot,
                IsLinear = true,
                Statistics = $"(({Type})state).Update(gradient, t, {beta?.Identifier ?? "1.0"}, {epsilon.Identifier}, (int){every.Identifier}, work);",
                Apply = $"(({Type})state!).Apply(input, output, work);",
                Behaviour = this.Behaviour(),
                Result = new("{0} ×ₖ Rₖ", "{0} \\times_k R_k"),
            },
            context.Update,
            context.Gradient);
    }

    /// <summary>Gives every block the length of the grafted update's block; where there is one block, the norms of the whole do it.</summary>
    internal static Expression GraftBlocks(LoweringContext context, MatrixSlot slot, Expression update, Expression length) => context.Graph.Matrix(
        new MatrixStage
        {
            Name = slot.Name + "_graft",
            Slot = slot,
            InPlace = true,
            Apply = $"(({Type})state!).TransferNorms(input, other);",
            Behaviour = MatrixBehaviour.Identity,
            Result = new("{0}", "{0}"),
        },
        update,
        length);

    /// <summary>The factors have degree 2 in the gradient, and turn with it. A matrix has two of them.</summary>
    private MatrixBehaviour Behaviour() => new()
    {
        InputDegree = 1,
        OtherDegree = -4 * (this.Exponent ?? 0.25),
        WhyNoDegree = this.Statistic == KroneckerStatistic.KullbackLeibler ? "the first factors are whitened with the identity, the others with roots of factors"
            : this.StartAt > 1 ? "it begins to act later than the first step"
            : null,
        Elements = Maps.None,
        Rows = Maps.Rotations,
        Columns = Maps.Rotations,
        Why = "the roots mix the elements of a row and of a column",
        Ridge = this.Qualify("shampoo_eps"),
        LargestSide = this.MaxDimension,
    };

    private string Settings()
    {
        var settings = new List<string> { $"Accumulation = global::OptBias.Accumulation.{this.Accumulate}" };
        void Add(bool set, string name, string value)
        {
            if (set)
                settings.Add($"{name} = {value}");
        }

        Add(this.StartAt > 1, "StartAt", Text.Integer(this.StartAt));
        Add(this.MaxDimension != DefaultMaxDimension, "MaxDimension", Text.Integer(this.MaxDimension));
        Add(this.MergeDimensions, "MergeDimensions", "true");
        Add(this.Exponent is not null, "Exponent", Text.Literal(this.Exponent ?? 0));
        Add(this.Root != default, "Root", "global::OptBias.RootMethod." + this.Root);
        Add(this.Statistic != default, "Statistic", "global::OptBias.KroneckerStatistic." + this.Statistic);
        Add(this.StalenessTolerance > 0, "StalenessTolerance", Text.Literal(this.StalenessTolerance));
        Add(this.Asynchronous, "Asynchronous", "true");
        return $"new() {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>The unfoldings of a gradient, which the factors are made of.</summary>
    internal static Formula Unfoldings(Symbol g) => new(
        $"G₍ₖ₎: {g.Unicode} unfolded along its dimension k = 1, ..., o",
        $"G_{{(k)}} &:\\text{{ unfolding of }} {g.Latex} \\text{{ along its dimension }} k = 1, \\dots, o");

    private EquatableArray<Formula> Statistics(Symbol g, Symbol? beta, Symbol epsilon, Symbol every)
    {
        var (term, termLatex) = this.Statistic == KroneckerStatistic.KullbackLeibler
            ? ("G₍ₖ₎ (⊗ⱼ Lⱼ⁻¹) G₍ₖ₎ᵀ dₖ/d", "\\tfrac{d_k}{d} G_{(k)} \\left(\\bigotimes_{j \\ne k} L_j^{-1}\\right) G_{(k)}^\\top")
            : ("G₍ₖ₎ G₍ₖ₎ᵀ", "G_{(k)} G_{(k)}^\\top");
        var power = this.Exponent is { } exponent ? Text.Number(exponent) : this.Statistic == KroneckerStatistic.KullbackLeibler ? "1/2" : "1/(2o)";
        var factor = beta is null
            ? new Formula($"Lₖ ← Lₖ + {term}, Lₖ = {epsilon.Unicode} I at the start", $"L_k &\\leftarrow L_k + {termLatex},\\quad L_{{k,0}} = {epsilon.Latex} I")
            : new Formula($"Lₖ ← {beta.Unicode} Lₖ + (1 − {beta.Unicode}) {term}", $"L_k &\\leftarrow {beta.Latex} L_k + (1 - {beta.Latex}) {termLatex}");
        var root = beta is null
            ? new Formula($"Rₖ = Lₖ^(−{power}), refreshed every {every.Unicode} steps", $"R_k &= L_k^{{-{power}}}\\quad\\text{{every }} {every.Latex} \\text{{ steps}}")
            : new Formula($"Rₖ = (Lₖ/(1 − {beta.Unicode}ᵗ) + {epsilon.Unicode} I)^(−{power}), refreshed every {every.Unicode} steps", $"R_k &= \\left(\\frac{{L_k}}{{1 - {beta.Latex}^t}} + {epsilon.Latex} I\\right)^{{-{power}}}\\quad\\text{{every }} {every.Latex} \\text{{ steps}}");
        return this.Statistic == KroneckerStatistic.KullbackLeibler
            ? new[] { Unfoldings(g), new Formula("dₖ: length of dimension k; d: number of elements", "d_k &:\\text{ length of dimension } k,\\quad d:\\text{ number of elements}"), factor, root }.ToEquatableArray()
            : new[] { Unfoldings(g), factor, root }.ToEquatableArray();
    }
}
