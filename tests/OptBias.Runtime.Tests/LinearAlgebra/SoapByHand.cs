using OptBias.LinearAlgebra;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>SOAP as RECIPES writes it: Adam between <see cref="KroneckerBasis.RotateIn"/> and <see cref="KroneckerBasis.RotateOut"/>, momentum in the original coordinates.</summary>
internal static class SoapByHand
{
    public static Func<Parameter, Action<Tensor, long>> Rule(IReadOnlyDictionary<string, double> hyper, KroneckerBasisSettings settings, bool followsReference = true) => parameter =>
    {
        var basis = new KroneckerBasis(parameter.shape, parameter.dtype, parameter.device, settings, "weight");
        var (m, v) = (ShampooByHand.Zeros(parameter), ShampooByHand.Zeros(parameter));
        var (rotated, u) = (ShampooByHand.Zeros(parameter), ShampooByHand.Zeros(parameter));
        var t = 0L;
        return (gradient, _) =>
        {
            var (beta1, beta2, lr) = (hyper["beta1"], hyper["beta2"], hyper["lr"]);
            if (!basis.Prepare(gradient, beta2))
                return;
            t++;
            using var scope = NewDisposeScope();
            m.mul_(beta1).add_(gradient, alpha: 1 - beta1);
            basis.RotateIn(gradient, rotated);
            v.mul_(beta2).addcmul_(rotated, rotated, value: 1 - beta2);
            if (followsReference)
                basis.RotateMomentum(m, u);
            else
                basis.RotateIn(m, u);
            u.div_(v.sqrt() + hyper["eps"]);
            basis.RotateOut(u, u);
            parameter.add_(u, alpha: -lr * Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t)));
            parameter.mul_(1 - (lr * hyper["weight_decay"]));
            basis.Update(gradient, t, beta2, (int)hyper["update_every"], v);
        };
    };
}
