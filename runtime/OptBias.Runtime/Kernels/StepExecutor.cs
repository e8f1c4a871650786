using System.Runtime.InteropServices;
using OptBias.Cuda;
using OptBias.LinearAlgebra;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>Carries out the steps of a plan on the parameters that have a gradient, each on the path that can take it.</summary>
internal sealed partial class StepExecutor : IDisposable
{
    private readonly UpdatePlan plan;
    private readonly FusedRun?[] runs;
    private readonly KernelRun?[] kernelRuns;
    private readonly List<ActiveParameter> active = [];
    private readonly List<ParameterState> waiting = [];
    private readonly List<double[]> groups = [];
    private readonly double[] globalSums;
    private readonly double[] sums;
    private readonly bool hasGates;

    /// <summary>The step behind which no gradient is needed any more, if it is a pass; -1 otherwise.</summary>
    private readonly int lastUseOfGradients;
    private readonly MatrixWork work = new();

    public StepExecutor(UpdatePlan plan)
    {
        this.plan = plan;
        this.runs = plan.Steps.Select(step => step is PassStep pass ? new FusedRun(pass, plan) : null).ToArray();
        this.hasGates = plan.Matrices.Any(m => m.Gate is not null);
        this.kernelRuns = plan.Steps.Select(step => step is PassStep pass ? new KernelRun(pass, plan) : null).ToArray();
        if (plan.Evaluation is { } evaluation)
            (this.evaluationRun, this.evaluationKernelRun) = (new FusedRun(evaluation, plan), new KernelRun(evaluation, plan));
        this.lastUseOfGradients = LastUseOfGradients(plan);
        this.matrices = MatricesOf(plan);
        this.lateLearners = [.. plan.Steps.Where(LearnsLate).Select(static step => ((MatrixPlanStep)step).Matrix!.Value).Distinct()];
        (this.writtenBefore, this.written) = (WrittenBeforeTheLastRefusal(plan), Written(plan, plan.Steps.Count));
        this.globalSums = new double[plan.Sums.Count];
        this.sums = new double[plan.Sums.Count + (plan.Carried?.Count ?? 0)];
    }

    private readonly record struct ActiveParameter(ParameterState State, int Group, Route Route);

    /// <summary>Forgets the parameters of the last step.</summary>
    public void Begin()
    {
        this.active.Clear();
        this.waiting.Clear();
        this.isCounted = false;
        Array.Clear(this.globalSums);
    }

    /// <summary>Sets the hyperparameters of a group.</summary>
    public Span<double> Hyperparameters(int group)
    {
        while (this.groups.Count <= group)
            this.groups.Add(new double[this.plan.Hyperparameters.Count]);
        return this.groups[group];
    }

    /// <summary>Adds a parameter whose gradient has been set.</summary>
    public void Add(ParameterState state, int group, Route route) => this.active.Add(new(state, group, route));

    /// <summary>
    /// Lets the matrix stages learn from the gradients as they came, after <see cref="Check"/>. Most that can make a step fail (a root
    /// that failed too often) comes up here, before a parameter or its momentum has changed.
    /// </summary>
    public void Prepare()
    {
        if (this.hasGates)
            this.SetWaitingAside();
        foreach (ref readonly var parameter in CollectionsMarshal.AsSpan(this.active))
            parameter.State.Step++;
        this.isCounted = true;
        for (var i = 0; i < this.plan.Steps.Count; i++)
        {
            if (this.plan.Steps[i] is MatrixPlanStep { Statistics: not null, Other: UpdatePlan.GradientTensor } matrix)
                this.RunStatistics(matrix);
        }
    }

    /// <summary>Carries out the plan. After <see cref="Prepare"/>.</summary>
    /// <param name="clearsGradients">Leaves zeros where the gradients were.</param>
    /// <param name="flushesDenormals">Fused passes take numbers below the normal format for zero.</param>
    public void Run(bool clearsGradients, bool flushesDenormals)
    {
        if (this.sums.Length > 0)
        {
            foreach (var (state, _, _) in this.active)
                Array.Clear(state.Sums);
        }

        for (var i = 0; i < this.plan.Steps.Count; i++)
        {
            switch (this.plan.Steps[i])
            {
                case PassStep pass:
                    this.RunPass(pass, this.runs[i]!, this.kernelRuns[i]!, clearsGradients && i == this.lastUseOfGradients, flushesDenormals);
                    break;
                case MatrixPlanStep matrix:
                    this.RunMatrix(matrix);
                    break;
                case FinishPlanStep finish:
                    this.RunFinish(finish);
                    break;
            }
        }

        if (this.plan.Carried is { } carried)
            this.Carry(carried);
        if (clearsGradients)
            this.ClearTheRest();
    }

    public void Dispose()
    {
        foreach (var run in this.runs)
            run?.Dispose();
        foreach (var run in this.kernelRuns)
            run?.Dispose();
        this.evaluationRun?.Dispose();
        this.evaluationKernelRun?.Dispose();
        this.work.Dispose();
    }

    private void RunStatistics(MatrixPlanStep step)
    {
        using var scope = this.HasOperand(step.Other) ? null : NewDisposeScope();
        foreach (var (state, group, _) in this.active)
            step.Statistics!(state.Matrix(step.Matrix!.Value), InArithmeticType(state, step.Other), state.Step, this.groups[group], this.work);
        this.work.Complete();
    }

    /// <summary>Whether all parameters have a tensor in the type of their arithmetic, so that nothing is converted.</summary>
    private bool HasOperand(int number)
    {
        foreach (var (state, _, _) in this.active)
        {
            if (state.OperandAt(number).dtype != state.ArithmeticType)
                return false;
        }

        return true;
    }

    private void SetWaitingAside()
    {
        for (var i = this.active.Count - 1; i >= 0; i--)
        {
            if (!this.Waits(this.active[i]))
                continue;
            this.waiting.Add(this.active[i].State);
            this.active.RemoveAt(i);
        }
    }

    /// <summary>Whether some matrix stage wants no step from a parameter yet.</summary>
    private bool Waits(ActiveParameter parameter)
    {
        for (var k = 0; k < this.plan.Matrices.Count; k++)
        {
            if (this.plan.Matrices[k].Gate is not { } gate)
                continue;
            using var scope = NewDisposeScope();
            if (!gate(parameter.State.Matrix(k), InArithmeticType(parameter.State, UpdatePlan.GradientTensor), this.groups[parameter.Group]))
                return true;
        }

        return false;
    }

    private void RunPass(PassStep pass, FusedRun run, KernelRun kernelRun, bool clearsGradients, bool flushesDenormals)
    {
        run.Clear(this.active.Count);
        kernelRun.Clear();
        Span<double> scalars = stackalloc double[pass.Shape.Scalars];
        var (group, step, scalarSet) = (-1, -1L, 0);
        foreach (ref readonly var parameter in CollectionsMarshal.AsSpan(this.active))
        {
            if (pass.Shape.DependsOnTensor || parameter.Group != group || parameter.State.Step != step)
            {
                scalarSet++;
                (group, step) = (parameter.Group, parameter.State.Step);
                pass.Scalars(this.groups[group], step, parameter.State.Shape, this.SumsOf(parameter.State), scalars);
            }

            switch (parameter.Route)
            {
                case Route.Simd:
                    run.Add(parameter.State, scalars, scalarSet);
                    break;
                case Route.Device:
                    kernelRun.Add(parameter.State, scalars);
                    break;
                default:
                    using (NewDisposeScope())
                        pass.TorchSharp(new TensorRow(parameter.State, pass.Shape), scalars);
                    break;
            }
        }

        run.Run(clearsGradients, flushesDenormals);
        kernelRun.Run();
        this.ShareSums(pass);
    }

    /// <summary>The sums as one parameter's scalars see them: its own, and those over all; behind them the numbers that its last step left.</summary>
    private Span<double> SumsOf(ParameterState state)
    {
        for (var k = 0; k < this.plan.Sums.Count; k++)
            this.sums[k] = this.plan.Sums[k] == SumReach.Global ? this.globalSums[k] : state.Sums[k];
        if (this.plan.Carried is { } carried)
            ((CarriedNumbers)state.Matrix(carried.Matrix)).Read(this.sums.AsSpan(this.plan.Sums.Count));
        return this.sums;
    }

    /// <summary>Hands numbers to the next step, when all sums of this one are known.</summary>
    private void Carry(CarriedPlan carried)
    {
        foreach (ref readonly var parameter in CollectionsMarshal.AsSpan(this.active))
        {
            var sums = this.SumsOf(parameter.State);
            carried.Carry(this.groups[parameter.Group], parameter.State.Step, parameter.State.Shape, sums);
            ((CarriedNumbers)parameter.State.Matrix(carried.Matrix)).Write(sums[this.plan.Sums.Count..]);
        }
    }

    private void ShareSums(PassStep pass)
    {
        foreach (var k in pass.Shape.Sums)
        {
            if (this.plan.Sums[k] != SumReach.Global)
                continue;
            foreach (var parameter in this.active)
                this.globalSums[k] += parameter.State.Sums[k];
        }
    }

    /// <summary>The tensor itself, or a conversion that the caller's dispose scope owns.</summary>
    private static Tensor InArithmeticType(ParameterState state, int number)
    {
        var tensor = state.OperandAt(number);
        return tensor.dtype == state.ArithmeticType ? tensor : tensor.to_type(state.ArithmeticType);
    }

    /// <summary>Sets to zero, or takes away, the gradients that no fused pass has set to zero.</summary>
    private void ClearTheRest()
    {
        foreach (var (state, _, route) in this.active)
        {
            if (route == Route.Simd && this.lastUseOfGradients >= 0 && !state.HasReplacedGradient)
                TorchNative.BumpVersion(state.GradientHandle);
            else
                state.ClearGradient();
        }

        foreach (var state in this.waiting)
            state.ClearGradient();
    }

    /// <summary>Sets to zero, or takes away, all gradients.</summary>
    public void ClearGradients()
    {
        foreach (var (state, _, _) in this.active)
            state.ClearGradient();
        foreach (var state in this.waiting)
            state.ClearGradient();
    }

    private static int LastUseOfGradients(UpdatePlan plan)
    {
        for (var i = plan.Steps.Count - 1; i >= 0; i--)
        {
            switch (plan.Steps[i])
            {
                case PassStep pass when Array.IndexOf(pass.Shape.Tensors, UpdatePlan.GradientTensor) >= 0:
                    return i;
                case MatrixPlanStep matrix when matrix.Input == UpdatePlan.GradientTensor || matrix.Other == UpdatePlan.GradientTensor:
                case FinishPlanStep { Gradient: UpdatePlan.GradientTensor }:
                    return -1;
            }
        }

        return -1;
    }

    private void RunMatrix(MatrixPlanStep step)
    {
        if (step is { Statistics: not null, Other: not UpdatePlan.GradientTensor })
            this.RunStatistics(step);
        var together = this.HasOperand(step.Input) && this.HasOperand(step.Other);
        using var scope = together ? null : NewDisposeScope();
        foreach (var (state, group, _) in this.active)
        {
            step.Apply(
                step.Matrix is { } index ? state.Matrix(index) : null,
                InArithmeticType(state, step.Input),
                InArithmeticType(state, step.Other),
                state.TensorAt(step.Output),
                state.Step,
                this.groups[group],
                this.work);
        }

        this.work.Complete();
    }

    private void RunFinish(FinishPlanStep step)
    {
        // What is converted for a parameter lives until the work on all of them is done.
        using var scope = NewDisposeScope();
        var followers = new Tensor[this.active.Count][];
        for (var i = 0; i < followers.Length; i++)
        {
            var (state, group, _) = this.active[i];
            followers[i] = Array.ConvertAll(step.Followers, number => InArithmeticType(state, number));
            step.Finish(state.Matrix(step.Matrix), InArithmeticType(state, step.Gradient), followers[i], state.Step, this.groups[group], this.work);
        }

        this.work.Complete();
        for (var i = 0; i < followers.Length; i++)
        {
            var state = this.active[i].State;
            if (state.StateType == state.ArithmeticType)
                continue;
            for (var k = 0; k < step.Followers.Length; k++)
                state.Keep(step.Followers[k], followers[i][k], again: true);
        }
    }
}
