using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record KroneckerStage
{
    public override void Lower(LoweringContext context)
    {
        context.PreconditionerInput = context.Update;
        context.PreconditionerStart = this.StartAt;

        var hyperparameters = this.Hyperparameters.Select(h => context.Hyper(this, h.Name).Hyperparameter).ToList();
        var beta = hyperparameters.FirstOrDefault(h => h.Name == this.Qualify("shampoo_beta"))?.Symbol;
        var epsilon = hyperparameters.Single(h => h.Name == this.Qualify("shampoo_eps")).Symbol;
        var every = hyperparameters.Single(h => h.Name == this.Qualify("update_every")).Symbol;

        context.Update = context.Matrix(
            index => new MatrixStage
            {
                Index = index,
                IsLinear = true,
                Name = this.Qualify("kronecker"),
                Create = $"new global::OptBias.LinearAlgebra.KroneckerPreconditioner(parameter.shape, global::TorchSharp.torch.ScalarType.Float64, parameter.device, {this.Settings()}, name)",
                Apply = "var kronecker = (global::OptBias.LinearAlgebra.KroneckerPreconditioner)state;\n"
                    + $"kronecker.Update(gradient, t, {beta?.Identifier ?? "1.0"}, {epsilon.Identifier}, (int){every.Identifier});\n"
                    + "kronecker.Apply(input, output);",
                Hyperparameters = hyperparameters.Select(h => h.Name).ToEquatableArray(),
                Equations = this.Statistics(beta, epsilon, every),
                Result = new("{0} ×ₖ Rₖ", "{0} \\times_k R_k"),
            },
            context.Update,
            context.Gradient);
    }

    private string Settings() =>
        $"new() {{ Accumulation = global::OptBias.Accumulation.{this.Accumulate}, StartAt = {Emission.Text.Integer(this.StartAt)} }}";

    private EquatableArray<Formula> Statistics(Symbol? beta, Symbol epsilon, Symbol every)
    {
        var factor = beta is null
            ? new Formula($"Lₖ ← Lₖ + G₍ₖ₎ G₍ₖ₎ᵀ, Lₖ = {epsilon.Unicode} I at the start", $"L_k \\leftarrow L_k + G_{{(k)}} G_{{(k)}}^\\top,\\quad L_{{k,0}} = {epsilon.Latex} I")
            : new Formula($"Lₖ ← {beta.Unicode} Lₖ + (1 − {beta.Unicode}) G₍ₖ₎ G₍ₖ₎ᵀ", $"L_k \\leftarrow {beta.Latex} L_k + (1 - {beta.Latex}) G_{{(k)}} G_{{(k)}}^\\top");
        var root = beta is null
            ? new Formula($"Rₖ = Lₖ^(−1/(2o)), refreshed every {every.Unicode} steps", $"R_k = L_k^{{-1/(2o)}}\\quad\\text{{every }} {every.Latex} \\text{{ steps}}")
            : new Formula($"Rₖ = (Lₖ/(1 − {beta.Unicode}ᵗ) + {epsilon.Unicode} I)^(−1/(2o)), refreshed every {every.Unicode} steps", $"R_k = \\left(\\frac{{L_k}}{{1 - {beta.Latex}^t}} + {epsilon.Latex} I\\right)^{{-1/(2o)}}\\quad\\text{{every }} {every.Latex} \\text{{ steps}}");
        return new[] { factor, root }.ToEquatableArray();
    }
}
