using OptBias.Lab.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tasks;

/// <summary>Five tasks of two digits each, (0, 1) ... (8, 9), with one head for all ten (split MNIST, class-incremental: van de Ven and Tolias 2019).</summary>
public sealed record ClassIncremental : Scenario
{
    /// <inheritdoc />
    public override string Name => "class-incremental";

    /// <inheritdoc />
    public override int Tasks => 5;

    /// <inheritdoc />
    public override string Description => "Five tasks of two digits each, (0, 1) to (8, 9), learnt one after the other with a single ten-way head; nobody tells the network which task an image comes from.";

    /// <inheritdoc />
    public override bool SplitsClasses => true;

    /// <inheritdoc />
    public override string TaskName(int task) => $"digits {2 * task}, {(2 * task) + 1}";

    /// <inheritdoc />
    public override IReadOnlyList<int> Classes(int task) => [2 * task, (2 * task) + 1];

    /// <inheritdoc />
    public override DigitSet Take(DigitSet source, int task, long seed)
    {
        using var scope = NewDisposeScope();
        var chosen = source.Labels.OverWhole(2).Is(task).nonzero().flatten();
        return new(source.Images.index_select(0, chosen), source.Labels.index_select(0, chosen));
    }
}
