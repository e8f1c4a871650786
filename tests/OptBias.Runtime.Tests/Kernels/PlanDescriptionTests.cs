using OptBias.Kernels;

namespace OptBias.Runtime.Tests;

/// <summary>Plans in words name what there is: each pass by its number, each matrix stage by its state, each tensor by a name that the plan knows.</summary>
public sealed class PlanDescriptionTests
{
    [Theory]
    [MemberData(nameof(Declared.Names), MemberType = typeof(Declared))]
    public void Every_step_has_a_title_and_tensors_that_the_plan_has(string name)
    {
        var plan = Declared.Find(name).Plan;
        if (plan.Routes.Count > 0)
            return;
        var steps = PlanDescription.Of(plan);
        Assert.Equal(plan.Steps.Count, steps.Count);
        Assert.Equal(Enumerable.Range(1, steps.Count(static step => step.IsPass)).Select(static i => $"pass {i}"), steps.Where(static step => step.IsPass).Select(static step => step.Title));
        foreach (var matrix in plan.Steps.OfType<MatrixPlanStep>())
        {
            if (matrix.Matrix is { } number)
                Assert.Contains(steps, step => !step.IsPass && step.Title == plan.Matrices[number].Name);
        }

        var known = plan.States.Concat(plan.Workspaces).Append("θ").Append("g").ToHashSet();
        Assert.All(steps, step =>
        {
            Assert.NotEmpty(step.Reads);
            Assert.All(step.Reads.Concat(step.Writes), tensor => Assert.Contains(tensor.Name, known));
            Assert.All(step.Reads.Concat(step.Writes), tensor => Assert.Equal(
                tensor.Name == "θ" ? PlanTensorRole.Parameter : tensor.Name == "g" ? PlanTensorRole.Gradient : plan.States.Contains(tensor.Name) ? PlanTensorRole.State : PlanTensorRole.Workspace,
                tensor.Role));
        });
        Assert.Contains(steps, static step => step.Writes.Any(static tensor => tensor.Role == PlanTensorRole.Parameter));
    }

    [Fact]
    public void Shampoo_is_its_factors_and_one_pass_and_Soap_turns_its_basis_at_the_end()
    {
        Assert.Equal(["kronecker", "pass 1"], Titles("ShampooSum"));
        Assert.EndsWith(", end of step", Titles("Soap").Last(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Titles(string name) => PlanDescription.Of(Declared.Find(name).Plan).Select(static step => step.Title);
}
