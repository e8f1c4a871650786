using System.Runtime.InteropServices;
using OptBias.Routes;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Collects what the matrix stages of many parameters have to do at the same point of a step, so that it is done together:
/// products of all layers and blocks share the threads, whatever their shapes. Keeps its working memory from step to step.
/// </summary>
/// <remarks>Not for two threads at once. Arguments must stay alive and unchanged until <see cref="Complete"/>.</remarks>
public sealed class MatrixWork : IDisposable
{
    [ThreadStatic]
    private static MatrixWork? now;

    private readonly List<Problems> kinds = [];
    private readonly MatrixRoutes routes = new();

    /// <summary>Carries out what has been collected.</summary>
    /// <exception cref="PreconditionerException">A refresh failed too often; the states of all parameters that were collected are as before.</exception>
    public void Complete()
    {
        try
        {
            foreach (var kind in this.kinds)
                kind.Solve(this.routes);
        }
        finally
        {
            this.Clear();
        }
    }

    /// <summary>Forgets what has been collected.</summary>
    public void Clear()
    {
        foreach (var kind in this.kinds)
            kind.Clear();
        this.routes.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => this.routes.Dispose();

    /// <summary>Adds a problem to those that are solved together; where there are none to wait for, solves it at once.</summary>
    internal static void Add<T>(MatrixWork? work, in T problem)
        where T : struct, IMatrixProblem<T>
    {
        var target = work ?? (now ??= new MatrixWork());
        target.ProblemsOf<T>().Add(problem);
        if (work is null)
            target.Complete();
    }

    private Problems<T> ProblemsOf<T>()
        where T : struct, IMatrixProblem<T>
    {
        foreach (var kind in this.kinds)
        {
            if (kind is Problems<T> known)
                return known;
        }

        var added = new Problems<T>();
        this.kinds.Add(added);
        return added;
    }

    private abstract class Problems
    {
        public abstract void Solve(MatrixRoutes routes);

        public abstract void Clear();
    }

    private sealed class Problems<T> : Problems
        where T : struct, IMatrixProblem<T>
    {
        private readonly List<T> problems = [];

        public void Add(in T problem) => this.problems.Add(problem);

        public override void Solve(MatrixRoutes routes)
        {
            if (this.problems.Count > 0)
                T.Solve(CollectionsMarshal.AsSpan(this.problems), routes);
        }

        public override void Clear() => this.problems.Clear();
    }
}
