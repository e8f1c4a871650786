using OptBias.Lab.Data;

namespace OptBias.Lab.Tasks;

/// <summary>
/// How images become a sequence of tasks: which examples a task has, and what is done to them. A scenario may change training and test examples
/// alike (rotations) or not (labels that are wrong in training only).
/// </summary>
public abstract record Scenario
{
    /// <summary>What the images are. They come with the data; a <see cref="Studies.Setting"/> fills them in.</summary>
    public ImageFormat Images { get; init; } = ImageFormat.Digits;

    /// <summary>Name, as on the command line and in file names: <c>class-incremental</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name with everything that tells two scenarios of that name apart: <c>permuted, 10 tasks</c>.</summary>
    public virtual string Key => this.Name;

    /// <summary>Number of tasks.</summary>
    public abstract int Tasks { get; }

    /// <summary>What a task is, in a sentence.</summary>
    public abstract string Description { get; }

    /// <summary>Short name of a task: "digits 4, 5".</summary>
    /// <param name="task">Which one, from 0.</param>
    public abstract string TaskName(int task);

    /// <summary>The classes that occur in a task; all of them unless the scenario splits them.</summary>
    /// <param name="task">Which one, from 0.</param>
    public virtual IReadOnlyList<int> Classes(int task) => [.. Enumerable.Range(0, this.Images.Classes)];

    /// <summary>Whether tasks bring new classes, so that masked accuracy means something.</summary>
    public virtual bool SplitsClasses => false;

    /// <summary>Whether a task's examples depend on the seed; if not, all runs share them.</summary>
    public virtual bool DependsOnSeed => false;

    /// <summary>The examples of a task. The caller owns the result, and it shares no memory with the source.</summary>
    /// <param name="source">The examples that the task is made of: a part of the data, pixels in [0, 1].</param>
    /// <param name="task">Which one, from 0.</param>
    /// <param name="part">Which part of the data it is. What is done to <see cref="DataPart.Training"/> alone is seen by no measurement of accuracy.</param>
    /// <param name="seed">Seed of whatever is random about the task (a permutation); the same for all parts of the data.</param>
    public abstract ExampleSet Take(ExampleSet source, int task, DataPart part, long seed);
}
