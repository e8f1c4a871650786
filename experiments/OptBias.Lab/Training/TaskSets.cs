using OptBias.Kernels;
using OptBias.Lab.Data;
using OptBias.Lab.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>The examples of all tasks of one run, as a network takes them: normalised, and no more than needed.</summary>
/// <param name="data">The images.</param>
/// <param name="scenario">How they become tasks; <see cref="Scenario.Images"/> are those of the data.</param>
/// <param name="plan">How many of them are used.</param>
/// <param name="onValidation">Whether accuracy is measured on validation images (for tuning) instead of test images.</param>
/// <param name="seed">Seed of whatever is random about the tasks.</param>
public sealed class TaskSets(ImageData data, Scenario scenario, TrainingPlan plan, bool onValidation, long seed) : IDisposable
{
    // Mean and standard deviation of the MNIST training pixels, and about those of natural images. The same constants for every
    // data set of a kind and every task, so that nothing of one task leaks into another through its statistics.
    private static readonly (double Mean, double Deviation) Grey = (0.1307, 0.3081);
    private static readonly (double Mean, double Deviation) Colour = (0.47, 0.25);

    private readonly List<ExampleSet> owned = [];
    private readonly ExampleSet?[] evaluation = new ExampleSet?[scenario.Tasks];
    private ExampleSet? training;

    /// <summary>How images become tasks.</summary>
    public Scenario Scenario => scenario;

    /// <summary>The training examples of a task; they live until those of another task are asked for.</summary>
    /// <param name="task">Which task, from 0.</param>
    public ExampleSet Training(int task)
    {
        this.training?.Dispose();
        this.training = null;
        // A smaller fraction is part of a larger one: the images lie in an order of no meaning.
        var count = Math.Max(1, (int)Math.Round(data.Train.Count * plan.Fraction));
        if (!scenario.DependsOnSeed)
            return data.Derived($"{scenario.Key}/train/{task}/{count}", () => this.Take(data.Train, count, task, DataPart.Training));
        return this.training = this.Take(data.Train, count, task, DataPart.Training);
    }

    /// <summary>The examples that measure the accuracy on a task; they live as long as this object.</summary>
    /// <param name="task">Which task, from 0.</param>
    public ExampleSet Evaluation(int task)
    {
        if (this.evaluation[task] is { } known)
            return known;
        var (source, part) = onValidation ? (data.Validation, DataPart.Validation) : (data.Test, DataPart.Test);
        // The limit is for the task's own examples, of which a scenario that splits the classes keeps only some.
        var count = Math.Min(source.Count, plan.EvaluationLimit * data.Format.Classes / scenario.Classes(task).Count);
        if (!scenario.DependsOnSeed)
            return this.evaluation[task] = data.Derived($"{scenario.Key}/{(onValidation ? "validation" : "test")}/{task}/{count}", () => this.Take(source, count, task, part));
        this.owned.Add(this.evaluation[task] = this.Take(source, count, task, part));
        return this.evaluation[task]!;
    }

    /// <summary>Evaluation examples of all tasks together, equally many of each. The caller owns the result.</summary>
    /// <param name="limit">At most this many.</param>
    public ExampleSet AllEvaluation(int limit) => Concatenate(Enumerable.Range(0, scenario.Tasks).Select(this.Evaluation), limit);

    /// <summary>Training examples of all tasks together, equally many of each. The caller owns the result.</summary>
    /// <param name="limit">At most this many.</param>
    public ExampleSet AllTraining(int limit)
    {
        var parts = new List<ExampleSet>();
        try
        {
            for (var task = 0; task < scenario.Tasks; task++)
            {
                var whole = this.Training(task);
                parts.Add(whole.First(Math.Min(whole.Count, limit / scenario.Tasks)));
            }

            return Concatenate(parts, limit);
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        this.training?.Dispose();
        this.owned.ForEach(set => set.Dispose());
    }

    private static ExampleSet Concatenate(IEnumerable<ExampleSet> sets, int limit)
    {
        using var scope = NewDisposeScope();
        var parts = sets.ToArray();
        var each = limit / parts.Length;
        return new(
            cat([.. parts.Select(p => p.Images.narrow(0, 0, Math.Min(each, p.Count)))], 0),
            cat([.. parts.Select(p => p.Labels.narrow(0, 0, Math.Min(each, p.Count)))], 0));
    }

    private ExampleSet Take(ExampleSet source, int count, int task, DataPart part)
    {
        using var noGradient = no_grad();
        using var first = source.First(count);
        var set = scenario.Take(first, task, part, seed);
        if (set.Count == 0)
        {
            set.Dispose();
            throw new DataException(data.Name, $"the task '{scenario.TaskName(task)}' has no example among the first {count} of {source.Count} images.");
        }

        var (mean, deviation) = data.Format.Channels == 1 ? Grey : Colour;
        set.Images.Plus_(-mean).Over_(deviation);
        return set;
    }
}
