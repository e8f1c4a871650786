namespace OptBias.Kernels;

/// <summary>.NET's thread pool, where libtorch brings no OpenMP runtime that can be entered.</summary>
internal sealed unsafe class ThreadPoolTeam : IWorkerTeam
{
    public void Run(int workers, delegate*<int, void*, void> work, void* state)
    {
        using var done = new CountdownEvent(workers);
        for (var worker = 1; worker < workers; worker++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static job =>
                {
                    job.Run();
                    job.Done.Signal();
                },
                new Job(worker, work, state, done),
                preferLocal: false);
        }

        work(0, state);
        done.Signal();
        done.Wait();
    }

    private readonly struct Job(int worker, delegate*<int, void*, void> work, void* state, CountdownEvent done)
    {
        private readonly delegate*<int, void*, void> work = work;
        private readonly void* state = state;

        public CountdownEvent Done { get; } = done;

        public void Run() => this.work(worker, this.state);
    }
}
