using OptBias.Lab.Data;

namespace OptBias.Lab.Tasks;

/// <summary>One task with all ten digits as they are: ordinary training.</summary>
public sealed record SingleTask : Scenario
{
    /// <inheritdoc />
    public override string Name => "single";

    /// <inheritdoc />
    public override int Tasks => 1;

    /// <inheritdoc />
    public override string Description => "All ten digits at once.";

    /// <inheritdoc />
    public override string TaskName(int task) => "all digits";

    /// <inheritdoc />
    public override DigitSet Take(DigitSet source, int task, long seed) => new(source.Images.clone(), source.Labels.clone());
}
