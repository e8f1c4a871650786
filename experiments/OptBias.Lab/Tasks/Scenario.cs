using OptBias.Lab.Data;

namespace OptBias.Lab.Tasks;

/// <summary>How digits become a sequence of tasks.</summary>
public abstract record Scenario
{
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

    /// <summary>The classes that occur in a task; all ten unless the scenario splits them.</summary>
    /// <param name="task">Which one, from 0.</param>
    public virtual IReadOnlyList<int> Classes(int task) => AllClasses;

    /// <summary>Whether tasks bring new classes, so that masked accuracy means something.</summary>
    public virtual bool SplitsClasses => false;

    /// <summary>Whether a task's examples depend on the seed; if not, all runs share them.</summary>
    public virtual bool DependsOnSeed => false;

    /// <summary>The examples of a task. The caller owns the result.</summary>
    /// <param name="source">The digits that the task is made of.</param>
    /// <param name="task">Which one, from 0.</param>
    /// <param name="seed">Seed of whatever is random about the task (a permutation); the same for training and test data.</param>
    public abstract DigitSet Take(DigitSet source, int task, long seed);

    private static readonly int[] AllClasses = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
}
