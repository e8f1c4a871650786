namespace OptBias.LinearAlgebra;

/// <summary>
/// Collects what the matrix stages of many parameters have to do at the same point of a step, so that it is done together:
/// products of all layers and blocks share the threads, whatever their shapes. Keeps its working memory from step to step.
/// </summary>
/// <remarks>Not for two threads at once. Arguments must stay alive and unchanged until <see cref="Complete"/>.</remarks>
public sealed class MatrixWork : IDisposable
{
    /// <summary>Working memory from which on what has been collected is carried out before more is added.</summary>
    internal const long LargestBatch = 64L << 20;

    [ThreadStatic]
    private static MatrixWork? immediate;

    /// <summary>For a call that wants its result at once.</summary>
    internal static MatrixWork Immediate => immediate ??= new MatrixWork();

    internal GemmQueue Products { get; } = new();

    internal RootQueue Roots { get; } = new();

    internal StackedWork Stacks { get; } = new();

    internal Arena Memory { get; } = new();

    internal DeferredChecks Checks { get; } = new();

    internal List<KroneckerUpdate> Updates { get; } = [];

    internal List<KroneckerApplication> Applications { get; } = [];

    internal List<BasisRotation> Rotations { get; } = [];

    internal List<BasisUpdate> BasisUpdates { get; } = [];

    internal List<NewtonSchulzProblem> Orthogonalizations { get; } = [];

    internal List<NewtonSchulzProblem> StackedOrthogonalizations { get; } = [];

    /// <summary>Carries out what has been collected.</summary>
    /// <exception cref="PreconditionerException">A refresh failed too often; the states of all parameters that were collected are as before.</exception>
    public void Complete()
    {
        try
        {
            if (this.Updates.Count > 0)
                KroneckerBatch.Update(this);
            if (this.Applications.Count > 0)
                KroneckerBatch.Apply(this);
            if (this.Rotations.Count > 0)
                StackedBases.Rotate(this.Rotations);
            if (this.BasisUpdates.Count > 0)
                StackedBases.Update(this.BasisUpdates);
            if (this.Orthogonalizations.Count > 0)
                NewtonSchulzBatch.Run(this);
            if (this.StackedOrthogonalizations.Count > 0)
                StackedWork.Orthogonalize(this.StackedOrthogonalizations);
        }
        finally
        {
            this.Clear();
        }
    }

    /// <summary>Forgets what has been collected.</summary>
    public void Clear()
    {
        this.Checks.Clear();
        this.Updates.Clear();
        this.Applications.Clear();
        this.Rotations.Clear();
        this.BasisUpdates.Clear();
        this.Orthogonalizations.Clear();
        this.StackedOrthogonalizations.Clear();
        this.Products.Clear();
        this.Roots.Clear();
        this.Stacks.End();
        this.Memory.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        this.Products.Dispose();
        this.Roots.Dispose();
        this.Stacks.Dispose();
        this.Memory.Dispose();
    }
}
