using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Baselines;

/// <summary>Muon for matrices as one writes it with TorchSharp's operations, and TorchSharp's AdamW for the rest.</summary>
public sealed class MuonByHand : IDisposable
{
    private const double Beta = 0.95;
    private readonly Parameter[] matrices;
    private readonly Tensor[] momenta;
    private readonly optim.Optimizer? rest;

    /// <summary>Makes it.</summary>
    public MuonByHand(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.matrices = parameters.Where(p => p.dim() == 2).ToArray();
        this.momenta = this.matrices.Select(p => zeros_like(p, requires_grad: false).DetachFromDisposeScope()).ToArray();
        var others = parameters.Where(p => p.dim() != 2).ToList();
        this.rest = others.Count > 0 ? optim.AdamW(others, 1e-3) : null;
    }

    /// <summary>Learning rate of the matrices.</summary>
    public double Rate { get; init; } = 0.02;

    /// <summary>One step.</summary>
    public void Step()
    {
        using (no_grad())
        {
            for (var i = 0; i < this.matrices.Length; i++)
            {
                using var scope = NewDisposeScope();
                var (parameter, gradient) = (this.matrices[i], this.matrices[i].grad!);
                this.momenta[i].mul_(Beta).add_(gradient, alpha: 1 - Beta);
                var update = Orthogonalized((gradient * (1 - Beta)).add_(this.momenta[i], alpha: Beta));
                parameter.add_(update, alpha: -this.Rate * Math.Sqrt(Math.Max(1, (double)parameter.shape[0] / parameter.shape[1])));
            }
        }

        this.rest?.step();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var momentum in this.momenta)
            momentum.Dispose();
        this.rest?.Dispose();
    }

    private static Tensor Orthogonalized(Tensor u)
    {
        var tall = u.shape[0] > u.shape[1];
        var x = (tall ? u.t() : u) / (u.norm() + 1e-7);
        for (var i = 0; i < 5; i++)
        {
            var gram = x.mm(x.t());
            var polynomial = (gram * -4.7750).addmm_(gram, gram, 1, 2.0315f);
            x = (x * 3.4445).addmm_(polynomial, x, 1, 1);
        }

        return tall ? x.t() : x;
    }
}
