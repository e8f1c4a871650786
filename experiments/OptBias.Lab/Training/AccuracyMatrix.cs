namespace OptBias.Lab.Training;

/// <summary>
/// A[t, i]: accuracy on task i after training through task t (Lopez-Paz and Ranzato 2017), and what follows from it.
/// A run that diverged leaves its remaining rows NaN, and every number that needs them is NaN.
/// </summary>
/// <param name="tasks">Number of tasks, at least one.</param>
public sealed class AccuracyMatrix(int tasks)
{
    private readonly double[,] values = Filled(tasks);

    /// <summary>Number of tasks T.</summary>
    public int Tasks => tasks;

    /// <summary>Accuracy in [0, 1] on task <paramref name="task"/> after training through task <paramref name="trained"/>, both from 0.</summary>
    public double this[int trained, int task]
    {
        get => this.values[trained, task];
        set => this.values[trained, task] = value;
    }

    /// <summary>mean_i A[T, i]: what is known at the end.</summary>
    public double Average => Mean(tasks, i => this.values[tasks - 1, i]);

    /// <summary>mean_i A[i, i]: how well each task was learnt while it was taught.</summary>
    public double Learning => Mean(tasks, i => this.values[i, i]);

    /// <summary>mean_{i&lt;T} (max_{t&lt;T} A[t, i] − A[T, i]); NaN for a single task. Negative where later tasks helped.</summary>
    public double Forgetting => Mean(tasks - 1, i =>
        Enumerable.Range(0, tasks - 1).Max(t => this.values[t, i]) - this.values[tasks - 1, i]);

    /// <summary>mean_{i&lt;T} (A[T, i] − A[i, i]); NaN for a single task.</summary>
    public double BackwardTransfer => Mean(tasks - 1, i => this.values[tasks - 1, i] - this.values[i, i]);

    private static double Mean(int count, Func<int, double> value) =>
        count == 0 ? double.NaN : Enumerable.Range(0, count).Sum(value) / count;

    private static double[,] Filled(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tasks);
        var values = new double[tasks, tasks];
        for (var t = 0; t < tasks; t++)
        {
            for (var i = 0; i < tasks; i++)
                values[t, i] = double.NaN;
        }

        return values;
    }
}
