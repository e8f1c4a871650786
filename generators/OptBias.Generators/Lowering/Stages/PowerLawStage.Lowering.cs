using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record PowerLawStage
{
    public override void Lower(LoweringContext context)
    {
        var alpha = context.Hyper(this, "alpha");
        var theta = context.Parameter;

        if (this.Form == PowerLawForm.Preconditioner)
        {
            context.Update = ((alpha * alpha) * theta.Abs().Power(2 - (2 / alpha))) * context.Update;
            return;
        }

        // θ = φ|φ|^(α−1), so φ = sign(θ)|θ|^(1/α) and ∂L/∂φ = α |φ|^(α−1) ∂L/∂θ.
        var phi = (theta.Sign() * theta.Abs().Power(1 / alpha)).Named(new("phi", "φₜ₋₁", "\\varphi_{t-1}"));
        var jacobian = alpha * phi.Abs().Power(alpha - 1);
        context.EnterCoordinates(
            phi,
            (jacobian * context.Gradient).Named(new("gPhi", "gᵠ", "g^{\\varphi}")),
            next =>
            {
                next = next.Named(new("phiNext", "φₜ", "\\varphi_t"));
                return next * next.Abs().Power(alpha - 1);
            });
    }
}
