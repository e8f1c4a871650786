using OptBias.Lab.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tasks;

/// <summary>All classes in every task, the pixels in another fixed order each time (Goodfellow et al. 2013); the first task leaves them as they are.</summary>
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
    public override string Description => $"{this.Count} tasks with all classes; each task shuffles the pixels in an order of its own, the first one leaves them as they are.";

    /// <inheritdoc />
    public override string TaskName(int task) => task == 0 ? "pixels in order" : $"permutation {task}";

    /// <inheritdoc />
    public override ExampleSet Take(ExampleSet source, int task, DataPart part, long seed)
    {
        using var scope = NewDisposeScope();
        if (task == 0)
            return new(source.Images.clone(), source.Labels.clone());
        var order = tensor(new SeededRandom(seed, $"permutation/{task}").Permutation(this.Images.Rows * this.Images.Columns), device: source.Device);
        // The channels of a pixel stay together.
        var permuted = source.Images.flatten(2).index_select(2, order).reshape(source.Images.shape);
        return new(permuted, source.Labels.clone());
    }
}
