using OptBias.Kernels;
using OptBias.Lab.Data;
using OptBias.Lab.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>The examples of all tasks of one run, as a network takes them: normalised, and no more than needed.</summary>
/// <param name="data">The digits.</param>
/// <param name="scenario">How they become tasks.</param>
/// <param name="plan">How many of them are used.</param>
/// <param name="onValidation">Whether accuracy is measured on validation digits (for tuning) instead of test digits.</param>
/// <param name="seed">Seed of whatever is random about the tasks.</param>
public sealed class TaskSets(DigitData data, Scenario scenario, TrainingPlan plan, bool onValidation, long seed) : IDisposable
{
    // Mean and standard deviation of the MNIST training pixels. The same constants for every data set and task, so
    // that nothing of one task leaks into another through its statistics.
    private const double Mean = 0.1307;
    private const double Deviation = 0.3081;

    private readonly List<DigitSet> owned = [];
    private readonly DigitSet?[] evaluation = new DigitSet?[scenario.Tasks];
    private DigitSet? training;

    /// <summary>How digits become tasks.</summary>
    public Scenario Scenario => scenario;

    /// <summary>The training examples of a task; they live until those of another task are asked for.</summary>
    /// <param name="task">Which task, from 0.</param>
    public DigitSet Training(int task)
    {
        this.training?.Dispose();
        this.training = null;
        // A smaller fraction is part of a larger one: the digits lie in an order of no meaning.
        var count = Math.Max(1, (int)Math.Round(data.Train.Count * plan.Fraction));
        if (!scenario.DependsOnSeed)
            return data.Derived($"{scenario.Key}/train/{task}/{count}", () => this.Take(data.Train, count, task));
        return this.training = this.Take(data.Train, count, task);
    }

    /// <summary>The examples that measure the accuracy on a task; they live as long as this object.</summary>
    /// <param name="task">Which task, from 0.</param>
    public DigitSet Evaluation(int task)
    {
        if (this.evaluation[task] is { } known)
            return known;
        var source = onValidation ? data.Validation : data.Test;
        // The limit is for the task's own examples, of which a scenario that splits the classes keeps only some.
        var count = Math.Min(source.Count, plan.EvaluationLimit * 10 / scenario.Classes(task).Count);
        if (!scenario.DependsOnSeed)
            return this.evaluation[task] = data.Derived($"{scenario.Key}/{(onValidation ? "validation" : "test")}/{task}/{count}", () => this.Take(source, count, task));
        this.owned.Add(this.evaluation[task] = this.Take(source, count, task));
        return this.evaluation[task]!;
    }

    /// <summary>Evaluation examples of all tasks together, equally many of each. The caller owns the result.</summary>
    /// <param name="limit">At most this many.</param>
    public DigitSet AllEvaluation(int limit) => Concatenate(Enumerable.Range(0, scenario.Tasks).Select(this.Evaluation), limit);

    /// <summary>Training examples of all tasks together, equally many of each. The caller owns the result.</summary>
    /// <param name="limit">At most this many.</param>
    public DigitSet AllTraining(int limit)
    {
        var parts = new List<DigitSet>();
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

    private static DigitSet Concatenate(IEnumerable<DigitSet> sets, int limit)
    {
        using var scope = NewDisposeScope();
        var parts = sets.ToArray();
        var each = limit / parts.Length;
        return new(
            cat([.. parts.Select(p => p.Images.narrow(0, 0, Math.Min(each, p.Count)))], 0),
            cat([.. parts.Select(p => p.Labels.narrow(0, 0, Math.Min(each, p.Count)))], 0));
    }

    private DigitSet Take(DigitSet source, int count, int task)
    {
        using var noGradient = no_grad();
        using var first = source.First(count);
        var set = scenario.Take(first, task, seed);
        if (set.Count == 0)
        {
            set.Dispose();
            throw new DataException(data.Name, $"the task '{scenario.TaskName(task)}' has no example among the first {count} of {source.Count} digits.");
        }

        set.Images.Plus_(-Mean).Over_(Deviation);
        return set;
    }
}
