using OptBias.Kernels;

namespace OptBias.Cuda;

/// <summary>One pass over all parameters with kernels: a launch for each module, which is one where all have one type and one device.</summary>
internal sealed class KernelRun(PassStep pass, UpdatePlan plan) : IDisposable
{
    private readonly List<KernelLaunch> launches = [];

    /// <summary>Forgets the parameters of the last step.</summary>
    public void Clear()
    {
        foreach (var launch in this.launches)
            launch.Clear();
    }

    /// <summary>Adds a parameter whose <see cref="ParameterState.Kernels"/> are known.</summary>
    public void Add(ParameterState state, ReadOnlySpan<double> scalars) => this.LaunchOf(state.Kernels!).Add(state, scalars);

    /// <summary>Carries the pass out, and tells autograd which parameters were written to.</summary>
    public void Run()
    {
        foreach (var launch in this.launches)
        {
            launch.Run();
            pass.Shape.BumpVersions(launch.States);
        }
    }

    public void Dispose()
    {
        foreach (var launch in this.launches)
            launch.Dispose();
        this.launches.Clear();
    }

    private KernelLaunch LaunchOf(KernelModule module)
    {
        foreach (var launch in this.launches)
        {
            if (ReferenceEquals(launch.Module, module))
                return launch;
        }

        var added = new KernelLaunch(module, pass, plan);
        this.launches.Add(added);
        return added;
    }
}
