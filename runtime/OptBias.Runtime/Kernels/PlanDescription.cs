using TorchSharp;

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
/// <param name="Role">What it is, and so the type in which it is kept.</param>
/// <param name="Extent">Whether it holds one value per element, row or column.</param>
/// <param name="Storage">How the optimizer keeps state and parameters.</param>
public sealed record PlanTensor(string Name, PlanTensorRole Role, TensorExtent Extent, StateStorage Storage)
{
    /// <summary>Bytes that reading it moves for each element of the parameter; a tensor with a number for each row or column hardly counts.</summary>
    /// <param name="parameter">The parameter's type: float64, float32, bfloat16 or float16.</param>
    public int BytesRead(torch.ScalarType parameter) => this.Extent == TensorExtent.Element ? this.Storage.BytesRead(this.Role, parameter) : 0;

    /// <summary>Bytes that writing it moves for each element of the parameter: a parameter with master weights is written twice.</summary>
    /// <param name="parameter">The parameter's type: float64, float32, bfloat16 or float16.</param>
    public int BytesWritten(torch.ScalarType parameter) => this.Extent == TensorExtent.Element ? this.Storage.BytesWritten(this.Role, parameter) : 0;
}

/// <summary>What a tensor of a plan is.</summary>
public enum PlanTensorRole
{
    /// <summary>The parameter θ.</summary>
    Parameter,

    /// <summary>The gradient.</summary>
    Gradient,

    /// <summary>State that is kept from step to step.</summary>
    State,

    /// <summary>Workspace within one step.</summary>
    Workspace,
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

    /// <summary>What an optimizer of the plan keeps for a parameter; the caller disposes of it.</summary>
    /// <param name="plan">The plan; not that of a composite.</param>
    /// <param name="parameter">The parameter.</param>
    public static ParameterState StateOf(UpdatePlan plan, TorchSharp.Modules.Parameter parameter) =>
        new(parameter, new PlanRoute(ParameterShape.Any, plan, 0), "the example", number: 0);

    private static PlanTensor Tensor(UpdatePlan plan, int number) => new(
        number switch
        {
            UpdatePlan.ParameterTensor => "θ",
            UpdatePlan.GradientTensor => "g",
            _ when number - UpdatePlan.FirstState < plan.States.Count => plan.States[number - UpdatePlan.FirstState],
            _ => plan.Workspaces[number - UpdatePlan.FirstState - plan.States.Count],
        },
        number switch
        {
            UpdatePlan.ParameterTensor => PlanTensorRole.Parameter,
            UpdatePlan.GradientTensor => PlanTensorRole.Gradient,
            _ => number < UpdatePlan.FirstState + plan.States.Count ? PlanTensorRole.State : PlanTensorRole.Workspace,
        },
        plan.ExtentOf(number),
        plan.Storage);
}
