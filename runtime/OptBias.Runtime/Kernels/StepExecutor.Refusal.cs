using OptBias.LinearAlgebra;
using OptBias.Routes;

namespace OptBias.Kernels;

/// <summary>What makes a refused step one that has changed nothing: gradients are looked at first, and what may fail later is remembered.</summary>
internal sealed partial class StepExecutor
{
    /// <summary>The numbers of the matrix stages, and whether each learns from the gradient as it came.</summary>
    private readonly (int Number, bool LearnsFromGradient)[] matrices;

    /// <summary>The numbers of the matrix stages that learn from what other stages make of the gradient: what they may refuse is not there before those have run.</summary>
    private readonly int[] lateLearners;

    /// <summary>The numbers of the parameter and of state that passes write before the last step of the plan that may refuse.</summary>
    private readonly int[] writtenBefore;

    /// <summary>The numbers of the parameter and of state that passes write at all.</summary>
    private readonly int[] written;

    private bool isCounted;

    /// <summary>Has all matrix stages look at the gradients as they came. Numbers that are on a device are judged later, with others.</summary>
    /// <param name="areFinite">Whether the gradients are known to be finite, or looked at with the same checks.</param>
    /// <param name="checks">Where numbers of a device are read together.</param>
    public void Check(bool areFinite, Checks checks)
    {
        foreach (var (number, learns) in this.matrices)
        {
            foreach (var (state, _, _) in this.active)
                (state.Matrix(number) as IChecksGradient)?.Check(state.Gradient, learns, areFinite, checks);
        }
    }

    /// <summary>What a matrix stage says of a gradient that is not finite; null if none learns from it.</summary>
    public PreconditionerException? Refusal(ParameterState state, NonFiniteGradientException cause)
    {
        foreach (var (number, _) in this.matrices)
        {
            if ((state.Matrix(number) as IChecksGradient)?.Refusal(state.Gradient, cause) is { } refusal)
                return refusal;
        }

        return null;
    }

    /// <summary>How many matrix stages the plan has.</summary>
    public int Matrices => this.matrices.Length;

    /// <summary>Whether a matrix stage may refuse the step when others have learnt, before a parameter is written.</summary>
    public bool MayFailEarly => this.Any(static state => state.MayFailEarly);

    /// <summary>Whether a matrix stage may refuse the step when it has been carried out.</summary>
    public bool MayFailAtTheEnd => this.Any(static state => state.MayFailLate);

    /// <summary>Whether a matrix stage may refuse what other stages have made of the gradient.</summary>
    public bool MayFailWhenItLearns
    {
        get
        {
            foreach (var number in this.lateLearners)
            {
                if (this.active.Exists(parameter => parameter.State.Matrix(number) is IMayFail))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Remembers the matrix states of all parameters.</summary>
    public void RememberMatrices(StepSnapshot snapshot)
    {
        foreach (var (number, _) in this.matrices)
        {
            foreach (var (state, _, _) in this.active)
                snapshot.Add(state.Matrix(number));
        }
    }

    /// <summary>Remembers parameters and the state of each element, as far as they are written before the last refusal.</summary>
    public void RememberElements(StepSnapshot snapshot, bool all)
    {
        foreach (var (state, _, _) in this.active)
        {
            foreach (var number in all ? this.written : this.writtenBefore)
                snapshot.Add(state.TensorAt(number));
            if (state.Master is { } master)
                snapshot.Add(master);
        }
    }

    /// <summary>Takes back what the step has counted and collected. What it has written, a snapshot restores.</summary>
    public void Undo()
    {
        this.work.Clear();
        if (!this.isCounted)
            return;
        foreach (var (state, _, _) in this.active)
            state.Step--;
        this.isCounted = false;
    }

    private bool Any(Func<IMayFail, bool> may)
    {
        foreach (var (number, _) in this.matrices)
        {
            foreach (var (state, _, _) in this.active)
            {
                if (state.Matrix(number) is IMayFail matrix && may(matrix))
                    return true;
            }
        }

        return false;
    }

    private static bool LearnsLate(PlanStep step) => step is MatrixPlanStep { Statistics: not null, Other: not UpdatePlan.GradientTensor };

    private static (int Number, bool LearnsFromGradient)[] MatricesOf(UpdatePlan plan) =>
        [.. Enumerable.Range(0, plan.Matrices.Count).Select(number => (
            number,
            plan.Matrices[number].Gate is not null || plan.Steps.Any(step => step is MatrixPlanStep { Statistics: not null, Other: UpdatePlan.GradientTensor } matrix && matrix.Matrix == number)))];

    private static int[] WrittenBeforeTheLastRefusal(UpdatePlan plan)
    {
        var last = plan.Steps.Count - 1;
        while (last >= 0 && plan.Steps[last] is not FinishPlanStep && !LearnsLate(plan.Steps[last]))
            last--;
        return Written(plan, last + 1);
    }

    private static int[] Written(UpdatePlan plan, int steps) =>
        [.. plan.Steps.Take(steps)
            .SelectMany(step => step switch
            {
                PassStep pass => pass.Shape.Writes.Select(k => pass.Shape.Tensors[k]),
                FinishPlanStep finish => finish.Followers,
                MatrixPlanStep matrix => [matrix.Input, matrix.Output],
                _ => [],
            })
            .Where(number => number == UpdatePlan.ParameterTensor || (number >= UpdatePlan.FirstState && number < UpdatePlan.FirstState + plan.States.Count))
            .Distinct()];
}
