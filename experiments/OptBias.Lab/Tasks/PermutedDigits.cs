using OptBias.Lab.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tasks;

/// <summary>All ten digits in every task, the pixels in another fixed order each time (Goodfellow et al. 2013); the first task leaves them as they are.</summary>
/// <param name="Count">Number of tasks.</param>
public sealed record PermutedDigits(int Count) : Scenario
{
    /// <inheritdoc />
    public override string Name => "permuted";

    /// <inheritdoc />
    public override string Key => $"{this.Name}, {this.Count} tasks";

    /// <inheritdoc />
    public override bool DependsOnSeed => true;

    /// <inheritdoc />
    public override int Tasks => this.Count;

    /// <inheritdoc />
    public override string Description => $"{this.Count} tasks with all ten digits; each task shuffles the pixels in an order of its own, the first one leaves them as they are.";

    /// <inheritdoc />
    public override string TaskName(int task) => task == 0 ? "pixels in order" : $"permutation {task}";

    /// <inheritdoc />
    public override DigitSet Take(DigitSet source, int task, long seed)
    {
        using var scope = NewDisposeScope();
        if (task == 0)
            return new(source.Images.clone(), source.Labels.clone());
        var order = tensor(new SeededRandom(seed, $"permutation/{task}").Permutation(28 * 28), device: source.Device);
        var permuted = source.Images.reshape(-1, 28 * 28).index_select(1, order).reshape(-1, 1, 28, 28);
        return new(permuted, source.Labels.clone());
    }
}
