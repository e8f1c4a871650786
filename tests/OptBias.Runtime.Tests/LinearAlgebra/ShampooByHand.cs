using OptBias.LinearAlgebra;
using OptBias.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>Shampoo as RECIPES writes it, the preconditioner from the class under test, everything else TorchSharp operations.</summary>
internal static class ShampooByHand
{
    public static Func<Parameter, Action<Tensor, long>> WithAdamGraft(IReadOnlyDictionary<string, double> hyper, KroneckerSettings settings) => parameter =>
    {
        var preconditioner = new KroneckerPreconditioner(parameter.shape, parameter.dtype, parameter.device, settings, "weight");
        var (m, v, u) = (Zeros(parameter), Zeros(parameter), Zeros(parameter));
        return (gradient, t) =>
        {
            using var scope = NewDisposeScope();
            var (beta1, betaGraft) = (hyper["beta1"], hyper["graft_beta2"]);
            m.mul_(beta1).add_(gradient, alpha: 1 - beta1);
            v.mul_(betaGraft).addcmul_(gradient, gradient, value: 1 - betaGraft);
            var momentum = m / (1 - Math.Pow(beta1, t));
            var adam = momentum / ((v / (1 - Math.Pow(betaGraft, t))).sqrt() + hyper["graft_eps"]);
            preconditioner.Update(gradient, t, hyper["shampoo_beta"], hyper["shampoo_eps"], (int)hyper["update_every"]);
            preconditioner.Apply(momentum, u);
            u.mul_(adam.norm() / (u.norm() + 1e-30));
            parameter.sub_((u + (parameter * hyper["weight_decay"])) * hyper["lr"]);
        };
    };

    public static Func<Parameter, Action<Tensor, long>> Sum(IReadOnlyDictionary<string, double> hyper, KroneckerSettings settings) => parameter =>
    {
        var preconditioner = new KroneckerPreconditioner(parameter.shape, parameter.dtype, parameter.device, settings, "weight");
        var u = Zeros(parameter);
        return (gradient, t) =>
        {
            using var scope = NewDisposeScope();
            preconditioner.Update(gradient, t, double.NaN, hyper["shampoo_eps"], (int)hyper["update_every"]);
            preconditioner.Apply(gradient, u);
            parameter.sub_(u * hyper["lr"]);
        };
    };

    /// <summary>The largest error of a replay; with <paramref name="only"/> the other parameters are left where the recording has them.</summary>
    public static double Replay(string trajectory, Func<IReadOnlyDictionary<string, double>, Func<Parameter, Action<Tensor, long>>> rule, int? only = null)
    {
        var recorded = Trajectory.Load(Path.Combine(AppContext.BaseDirectory, "trajectories", $"{trajectory}.safetensors"));
        return recorded.Replay(parameters =>
        {
            var make = rule(recorded.Hyperparameters);
            var index = 0;
            return new HandWritten(parameters, parameter =>
            {
                var i = index++;
                return only is null || only == i ? make(parameter) : Follow(parameter, recorded.Parameters[i].After.ToTensor().DetachFromDisposeScope());
            });
        });
    }

    private static Action<Tensor, long> Follow(Parameter parameter, Tensor after) => (_, step) =>
    {
        using var value = after[step - 1];
        parameter.copy_(value);
    };

    public static Tensor Zeros(Tensor like) => zeros_like(like, requires_grad: false).DetachFromDisposeScope();
}
