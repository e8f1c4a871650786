using OptBias.Lab.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tasks;

/// <summary>Tasks of two classes each, (0, 1), (2, 3) ..., with one head for all (split MNIST, class-incremental: van de Ven and Tolias 2019). Where the number of classes is odd, the last task has three.</summary>
public sealed record ClassIncremental : Scenario
{
    /// <inheritdoc />
    public override string Name => "class-incremental";

    /// <inheritdoc />
    public override int Tasks => this.Images.Classes / 2;

    /// <inheritdoc />
    public override string Description => $"{this.Tasks} tasks of two classes each{(this.Images.Classes % 2 == 0 ? "" : " (the last of three)")}, learnt one after the other with a single head of {this.Images.Classes} logits; nobody tells the network which task an image comes from.";

    /// <inheritdoc />
    public override bool SplitsClasses => true;

    /// <inheritdoc />
    public override string TaskName(int task) => $"classes {string.Join(", ", this.Classes(task))}";

    /// <inheritdoc />
    public override IReadOnlyList<int> Classes(int task) => task == this.Tasks - 1 ? [.. Enumerable.Range(2 * task, this.Images.Classes - (2 * task))] : [2 * task, (2 * task) + 1];

    /// <inheritdoc />
    public override ExampleSet Take(ExampleSet source, int task, DataPart part, long seed)
    {
        using var scope = NewDisposeScope();
        var chosen = this.Classes(task).Select(c => source.Labels.Is(c)).Aggregate((all, one) => all.logical_or(one)).nonzero().flatten();
        return new(source.Images.index_select(0, chosen), source.Labels.index_select(0, chosen));
    }
}
