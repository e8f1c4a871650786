using OptBias.Cuda;

namespace OptBias.Kernels;

/// <summary>The way to the point at which one evaluates.</summary>
internal sealed partial class StepExecutor
{
    private readonly FusedRun? evaluationRun;
    private readonly KernelRun? evaluationKernelRun;

    /// <summary>Puts the parameters that have been added to the point at which one evaluates.</summary>
    /// <param name="scope">Takes copies of what is overwritten.</param>
    public void Evaluate(EvaluationScope scope)
    {
        if (this.plan.Evaluation is not { } pass)
            return;
        foreach (ref readonly var parameter in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(this.active))
            scope.Keep(parameter.State);
        this.RunPass(pass, this.evaluationRun!, this.evaluationKernelRun!, clearsGradients: false, flushesDenormals: false);
    }
}
