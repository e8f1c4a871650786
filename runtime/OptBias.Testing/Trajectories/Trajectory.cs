using System.Collections.ObjectModel;
using TorchSharp;
using TorchSharp.Modules;

namespace OptBias.Testing;

/// <summary>
/// A recorded run of an optimizer: parameters, the gradient of every step, and what the parameters were after it. It is
/// what an optimizer from another library is compared with, without that library.
/// </summary>
/// <remarks>
/// The file is <c>.safetensors</c>: <c>param.i.init</c> [shape], <c>param.i.grad</c> and <c>param.i.after</c> [T, shape], where there is a point of evaluation <c>param.i.evaluated</c> [T, shape]; metadata
/// <c>optimizer</c>, <c>hyper</c> (a JSON object of numbers), <c>source</c>, <c>steps</c>. See docs/trajectories.md.
/// </remarks>
public sealed partial class Trajectory
{
    internal Trajectory(
        string optimizer, IReadOnlyDictionary<string, double> hyperparameters, string source, int steps, IReadOnlyList<TrajectoryParameter> parameters)
    {
        this.Optimizer = optimizer;
        this.Hyperparameters = new ReadOnlyDictionary<string, double>(
            new SortedDictionary<string, double>(hyperparameters.ToDictionary(), StringComparer.Ordinal));
        this.Source = source;
        this.Steps = steps;
        this.Parameters = parameters;
    }

    /// <summary>The optimizer's class name, in any case.</summary>
    public string Optimizer { get; }

    /// <summary>The hyperparameters as they were recorded; <c>betas</c> are <c>beta1</c>, <c>beta2</c>, ...</summary>
    public IReadOnlyDictionary<string, double> Hyperparameters { get; }

    /// <summary>What made the recording, in words.</summary>
    public string Source { get; }

    /// <summary>The number of steps, T.</summary>
    public int Steps { get; }

    /// <summary>The parameters in their order.</summary>
    public IReadOnlyList<TrajectoryParameter> Parameters { get; }

    /// <summary>Reads a trajectory.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="InvalidDataException">The file is not a trajectory; the message names it and says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Trajectory Load(string path) => TrajectoryFormat.Read(SafeTensors.Read(path), path);

    /// <summary>Writes the trajectory; see <see cref="SafeTensors.Write(string, SafeTensorsFile)"/>.</summary>
    public void Save(string path) => SafeTensors.Write(path, TrajectoryFormat.Write(this));

    /// <summary>Runs the recorded gradients through an optimizer.</summary>
    /// <param name="create">Makes the optimizer over the parameters it is given: <c>parameters => new MyAdam(parameters, lr: 1e-2)</c>.</param>
    /// <param name="dtype">The dtype to replay in; initial values and gradients are cast. As recorded if null.</param>
    /// <param name="device">Where to replay. The CPU if null.</param>
    /// <returns>
    /// The largest error <c>|a − b| / (|b| + 0.01)</c> over all elements, steps and parameters, a replayed, b recorded; infinity where a is NaN.
    /// </returns>
    public double Replay(
        Func<IReadOnlyList<Parameter>, torch.optim.Optimizer> create, torch.ScalarType? dtype = null, torch.Device? device = null) =>
        TrajectoryReplay.Run(this, create, dtype, device);

    /// <summary>Runs the recorded gradients through a declared optimizer with the recorded hyperparameters.</summary>
    /// <param name="descriptor">The optimizer; the static <c>Descriptor</c> of a generated class.</param>
    /// <param name="backend">Which code carries out the update.</param>
    /// <param name="dtype">The dtype to replay in. As recorded if null.</param>
    /// <param name="device">Where to replay. The CPU if null.</param>
    /// <returns>The largest error, as in <see cref="Replay(Func{IReadOnlyList{Parameter}, torch.optim.Optimizer}, torch.ScalarType?, torch.Device?)"/>.</returns>
    /// <exception cref="ArgumentException">The optimizer does not know a recorded hyperparameter; the message lists those it knows.</exception>
    public double Replay(
        OptimizerDescriptor descriptor, Backend backend = Backend.Auto, torch.ScalarType? dtype = null, torch.Device? device = null)
    {
        var hyperparameters = TrajectoryHyperparameters.Map(descriptor, this.Hyperparameters);
        return this.Replay(
            parameters =>
            {
                var optimizer = descriptor.Create(parameters, hyperparameters);
                optimizer.Backend = backend;
                return optimizer;
            },
            dtype,
            device);
    }
}
