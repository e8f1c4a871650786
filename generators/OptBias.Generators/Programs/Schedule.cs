namespace OptBias.Generators.Programs;

/// <summary>The steps of a program in order, and the workspaces that they pass values through.</summary>
internal sealed record Schedule(IReadOnlyList<ScheduledStep> Steps, IReadOnlyList<TensorSlot> Workspaces, IReadOnlyList<PassSum> Sums)
{
    public IEnumerable<ElementwisePass> Passes => this.Steps.OfType<ElementwisePass>();
}
