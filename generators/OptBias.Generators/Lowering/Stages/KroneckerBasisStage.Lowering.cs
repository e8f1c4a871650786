using OptBias.Generators.Emission;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record KroneckerBasisStage
{
    private const string Type = "global::OptBias.LinearAlgebra.KroneckerBasis";

    public override void Lower(LoweringContext context)
    {
        var beta = this.Beta is null ? null : context.Hyper(this, "shampoo_beta").Hyperparameter.Symbol;
        var every = context.Hyper(this, "update_every").Hyperparameter.Symbol;
        var weight = beta?.Identifier ?? "1.0";

        var slot = context.MatrixSlot(
            this,
            "kronecker_basis",
            $"new {Type}(parameter.shape, global::OptBias.ParameterState.ArithmeticTypeOf(parameter), parameter.device, {this.Settings()}, name)",
            Statistics(context.Gradient.Symbol ?? TensorSlot.Gradient.Symbol, beta, every),
            gate: $"(({Type})state).Prepare(gradient, {weight})",
            finish: $"(({Type})state).Update(gradient, t, {weight}, (int){every.Identifier}, work, followers);");

        var gradient = Rotate(context, slot, "RotateIn", "Qₖᵀ", "Q_k^\\top", context.Gradient);
        var update = context.UpdateIsGradient
            ? gradient
            : Rotate(context, slot, "RotateIn", "Qₖᵀ", "Q_k^\\top", context.Update);
        context.EnterRotation(
            slot,
            gradient.Named(new("gRotated", "g′", "g'")),
            update,
            theta => Rotate(context, slot, "RotateIn", "Qₖᵀ", "Q_k^\\top", theta),
            u => Rotate(context, slot, "RotateOut", "Qₖ", "Q_k", u));
    }

    private Expression Rotate(LoweringContext context, MatrixSlot slot, string method, string unicode, string latex, Expression input) =>
        context.Matrix(
            new MatrixStage
            {
                Name = slot.Name + "_" + (method == "RotateIn" ? "in" : "out"),
                Slot = slot,
                IsLinear = true,
                Apply = $"(({Type})state!).{method}(input, output, work);",
                Behaviour = new()
                {
                    InputDegree = 1,
                    Elements = Maps.None,
                    Rows = Maps.Rotations,
                    Columns = Maps.Rotations,
                    Why = "the eigenbasis mixes the elements of a row and of a column",
                    Frame = method == "RotateIn" ? Frame.Entered : Frame.Left,
                    LargestSide = this.MaxDimension,
                },
                Result = new("{0} ×ₖ " + unicode, "{0} \\times_k " + latex),
            },
            input,
            input);

    private string Settings()
    {
        var settings = new List<string> { $"Accumulation = global::OptBias.Accumulation.{this.Accumulate}", $"Refresh = global::OptBias.BasisRefresh.{this.Refresh}" };
        if (this.MaxDimension != DefaultMaxDimension)
            settings.Add($"MaxDimension = {Text.Integer(this.MaxDimension)}");
        if (this.MergeDimensions)
            settings.Add("MergeDimensions = true");
        return $"new() {{ {string.Join(", ", settings)} }}";
    }

    private static EquatableArray<Formula> Statistics(Symbol g, Symbol? beta, Symbol every) => new[]
    {
        KroneckerStage.Unfoldings(g),
        beta is null
            ? new Formula("Aₖ ← Aₖ + G₍ₖ₎ G₍ₖ₎ᵀ, after the step", "A_k &\\leftarrow A_k + G_{(k)} G_{(k)}^\\top\\quad\\text{after the step}")
            : new Formula($"Aₖ ← {beta.Unicode} Aₖ + (1 − {beta.Unicode}) G₍ₖ₎ G₍ₖ₎ᵀ, after the step", $"A_k &\\leftarrow {beta.Latex} A_k + (1 - {beta.Latex}) G_{{(k)}} G_{{(k)}}^\\top\\quad\\text{{after the step}}"),
        new Formula($"Qₖ: eigenvectors of Aₖ, refreshed every {every.Unicode} steps; the first gradient only makes them", $"Q_k &:\\text{{ eigenvectors of }} A_k \\text{{, every }} {every.Latex} \\text{{ steps}}"),
    }.ToEquatableArray();
}
