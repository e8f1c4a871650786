namespace OptBias.Kernels;

/// <summary>A step of a plan in words, for those who explain it: a pass over memory, or a stage that works on whole matrices.</summary>
/// <param name="Title">"pass 1", or the name of the matrix stage's state.</param>
/// <param name="IsPass">Whether it is a pass over memory.</param>
/// <param name="Reads">The tensors that it reads.</param>
/// <param name="Writes">The tensors that it writes.</param>
/// <param name="Sums">How many sums it gathers for later steps.</param>
public sealed record PlanStepDescription(
    string Title, bool IsPass, IReadOnlyList<PlanTensor> Reads, IReadOnlyList<PlanTensor> Writes, int Sums);

/// <summary>A tensor of a plan.</summary>
/// <param name="Name">θ, g, the name of a tensor of state, or that of a workspace.</param>
/// <param name="IsParameterOrGradient">Whether it is kept in the parameter's type; the others are in that of the arithmetic.</param>
/// <param name="Extent">What it has a number for.</param>
public sealed record PlanTensor(string Name, bool IsParameterOrGradient, TensorExtent Extent)
{
    /// <summary>Bytes for each element of the parameter; a tensor with a number for each row or column hardly counts.</summary>
    /// <param name="parameterSize">Bytes of an element of the parameter.</param>
    /// <param name="arithmeticSize">Bytes of a number of the arithmetic.</param>
    public int Bytes(int parameterSize, int arithmeticSize) =>
        this.Extent != TensorExtent.Element ? 0 : this.IsParameterOrGradient ? parameterSize : arithmeticSize;
}

/// <summary>Describes plans.</summary>
public static class PlanDescription
{
    /// <summary>The steps in order; those of a composite are the steps of its routes.</summary>
    public static IReadOnlyList<PlanStepDescription> Of(UpdatePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var passes = 0;
        return plan.Steps.Select(step => step switch
        {
            PassStep pass => new PlanStepDescription(
                $"pass {++passes}",
                true,
                [.. pass.Shape.Tensors.Where((_, k) => !pass.Shape.OnlyWrites.Contains(k)).Select(number => Tensor(plan, number))],
                [.. pass.Shape.Writes.Select(k => pass.Shape.Tensors[k]).Order().Select(number => Tensor(plan, number))],
                pass.Shape.Sums.Length),
            MatrixPlanStep matrix => new PlanStepDescription(
                matrix.Matrix is { } slot ? plan.Matrices[slot].Name : plan.Workspaces[matrix.Output - UpdatePlan.FirstState - plan.States.Count].Replace("_result", "", StringComparison.Ordinal),
                false,
                [.. new[] { matrix.Input, matrix.Other }.Distinct().Select(number => Tensor(plan, number))],
                [Tensor(plan, matrix.Output)],
                0),
            FinishPlanStep finish => new PlanStepDescription(
                $"{plan.Matrices[finish.Matrix].Name}, end of step", false, [Tensor(plan, finish.Gradient)], [.. finish.Followers.Select(number => Tensor(plan, number))], 0),
            _ => throw new InvalidOperationException($"{plan.Name} has a step of an unknown kind: {step.GetType()}."),
        }).ToList();
    }

    private static PlanTensor Tensor(UpdatePlan plan, int number) => new(
        number switch
        {
            UpdatePlan.ParameterTensor => "θ",
            UpdatePlan.GradientTensor => "g",
            _ when number - UpdatePlan.FirstState < plan.States.Count => plan.States[number - UpdatePlan.FirstState],
            _ => plan.Workspaces[number - UpdatePlan.FirstState - plan.States.Count],
        },
        number < UpdatePlan.FirstState,
        plan.ExtentOf(number));
}
