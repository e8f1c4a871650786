namespace OptBias.Lab.Training;

/// <summary>What came out of training through a sequence of tasks.</summary>
/// <remarks>
/// Both matrices are A[t, i]: accuracy on task i after training through task t. A run that diverged leaves its remaining
/// rows NaN, and every number that needs them is NaN.
/// </remarks>
public sealed class ContinualResult
{
    private const int LossWindow = 10;
    private readonly List<(double Step, double Loss)> losses = [];
    private double windowSum;

    /// <summary>Starts with nothing measured.</summary>
    /// <param name="tasks">Number of tasks.</param>
    public ContinualResult(int tasks)
    {
        (this.Accuracy, this.Masked) = (new double[tasks, tasks], new double[tasks, tasks]);
        for (var t = 0; t < tasks; t++)
        {
            for (var i = 0; i < tasks; i++)
                this.Accuracy[t, i] = this.Masked[t, i] = double.NaN;
        }
    }

    /// <summary>Accuracy with all ten logits.</summary>
    public double[,] Accuracy { get; }

    /// <summary>Accuracy with the logits of the task's own classes only.</summary>
    public double[,] Masked { get; }

    /// <summary>When and how the run diverged, or null.</summary>
    public string? Diverged { get; set; }

    /// <summary>Whether the run diverged.</summary>
    public bool HasDiverged => this.Diverged is not null;

    /// <summary>Number of steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Training loss, averaged over windows of ten steps: (last step of the window, mean loss).</summary>
    public IReadOnlyList<(double Step, double Loss)> Losses => this.losses;

    /// <summary>Where the time went.</summary>
    public TimeSheet Time { get; } = new();

    /// <summary>Notes the loss of a step.</summary>
    public void AddLoss(double loss)
    {
        this.Steps++;
        this.windowSum += loss;
        if (this.Steps % LossWindow != 0)
            return;
        this.losses.Add((this.Steps, this.windowSum / LossWindow));
        this.windowSum = 0;
    }
}
