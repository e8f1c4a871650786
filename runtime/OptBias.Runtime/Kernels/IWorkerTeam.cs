namespace OptBias.Kernels;

/// <summary>Threads that carry out one piece of work together.</summary>
internal unsafe interface IWorkerTeam
{
    /// <summary>Calls <paramref name="work"/> once for each worker number below <paramref name="workers"/>, and returns when all are done.</summary>
    /// <param name="workers">At least 1. Fewer threads than that may do the work.</param>
    /// <param name="work">Takes the worker's number and the state. It must not throw.</param>
    /// <param name="state">Handed through.</param>
    void Run(int workers, delegate*<int, void*, void> work, void* state);
}
