using OptBias.Kernels;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>How a step is refused before it has changed anything, and how it is undone where that is too late.</summary>
public sealed partial class KroneckerBasis
{
    private bool Learns => this.elements > 0 && !this.IsIdentity;

    /// <summary>The first basis may turn out not to exist.</summary>
    bool IMayFail.MayFailEarly => this.Learns && !this.ready;

    bool IMayFail.MayFailLate => this.Learns && this.HasFailedOften;

    void IChecksGradient.Check(Tensor gradient, bool isLearntFrom, bool isFinite, Checks checks)
    {
        this.isChecked = false;

        // Elements that are finite are not enough: their squares must be.
        if (this.Learns && isLearntFrom)
            checks.Squares(gradient, this, static (owner, numbers) => owner.isChecked = double.IsFinite(numbers[0]) ? true : throw owner.NotFinite(), this.DType);
    }

    PreconditionerException? IChecksGradient.Refusal(Tensor gradient, NonFiniteGradientException cause) =>
        this.Learns ? this.Problem($"the gradient has {cause.Finding}; its factors would not be finite.", cause) : null;

    IUndo IRemembers.Remember() => this.ready ? new MatrixSnapshot(this) : new Beginning(this);

    /// <summary>A basis that has seen no gradient: factors of zero, and the identity.</summary>
    private sealed class Beginning(KroneckerBasis owner) : IUndo
    {
        public void Restore()
        {
            for (var k = 0; k < owner.factors.Length; k++)
            {
                owner.factors[k]?.zero_();
                owner.bases[k]?.zero_();
                using var diagonal = owner.bases[k]?.diagonal();
                diagonal?.Plus_(1);
            }

            owner.ready = owner.IsIdentity;
            owner.failures = 0;
        }

        public void Dispose()
        {
        }
    }
}
