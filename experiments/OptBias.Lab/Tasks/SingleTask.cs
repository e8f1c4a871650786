using OptBias.Lab.Data;

namespace OptBias.Lab.Tasks;

/// <summary>One task with all classes as they are: ordinary training.</summary>
public sealed record SingleTask : Scenario
{
    /// <inheritdoc />
    public override string Name => "single";

    /// <inheritdoc />
    public override int Tasks => 1;

    /// <inheritdoc />
    public override string Description => "All classes at once.";

    /// <inheritdoc />
    public override string TaskName(int task) => "all classes";

    /// <inheritdoc />
    public override ExampleSet Take(ExampleSet source, int task, DataPart part, long seed) => new(source.Images.clone(), source.Labels.clone());
}
