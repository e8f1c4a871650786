using OptBias.Benchmarks.Baselines;
using OptBias.Optimizers;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Works;

/// <summary>An update rule and whoever else implements it.</summary>
/// <param name="Name">The declared optimizer's name.</param>
/// <param name="Generated">Makes the generated optimizer.</param>
public sealed record Rule(string Name, Func<IReadOnlyList<Parameter>, DeclaredOptimizer> Generated)
{
    private const double Rate = 1e-5;

    /// <summary>The declared optimizers.</summary>
    public static OptimizerCatalogue Catalogue { get; } = OptimizerCatalogue.Of(typeof(AdamW).Assembly);

    /// <summary>TorchSharp's own optimizer of that rule, if it has one.</summary>
    public Func<IReadOnlyList<Parameter>, optim.Optimizer>? TorchSharp { get; init; }

    /// <summary>libtorch's fused kernel of that rule, if it has one.</summary>
    public Func<IReadOnlyList<Parameter>, LibTorchFused>? LibTorch { get; init; }

    /// <summary>Whether libtorch's fused kernel can be called on a GPU in every version that has it: a call that cannot ends the process.</summary>
    public bool LibTorchHasGpuKernel { get; init; } = true;

    /// <summary>The rules that are measured. The last is a user's own per-element stage behind Adam's.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("Sgd", p => new Sgd(p, lr: Rate)) { TorchSharp = p => optim.SGD(p, Rate), LibTorch = p => LibTorchFused.Sgd(p, 0) },
        new("SgdMomentum", p => new SgdMomentum(p, lr: Rate)) { TorchSharp = p => optim.SGD(p, Rate, momentum: 0.9), LibTorch = p => LibTorchFused.Sgd(p, 0.9) },
        new("AdamW", p => new AdamW(p, lr: Rate)) { TorchSharp = p => optim.AdamW(p, Rate), LibTorch = LibTorchFused.AdamW },
        new("Lion", p => new Lion(p, lr: Rate)),
        new("Adagrad", p => new Adagrad(p, lr: Rate)) { TorchSharp = p => optim.Adagrad(p, Rate), LibTorch = LibTorchFused.Adagrad, LibTorchHasGpuKernel = false },
        new("PowerPropSgd", p => new PowerPropSgd(p, lr: Rate)),
        new("CautiousAdamW", p => new CautiousAdamW(p, lr: Rate)),
    ];
}
