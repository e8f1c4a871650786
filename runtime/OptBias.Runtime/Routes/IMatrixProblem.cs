namespace OptBias.Routes;

/// <summary>What a matrix stage has to do for one parameter at one point of a step. A new kind of work is a new problem.</summary>
/// <typeparam name="T">The problem itself.</typeparam>
internal interface IMatrixProblem<T>
    where T : struct, IMatrixProblem<T>
{
    /// <summary>Solves the problems of all parameters together, with the verbs of the routes.</summary>
    static abstract void Solve(ReadOnlySpan<T> problems, MatrixRoutes routes);
}
