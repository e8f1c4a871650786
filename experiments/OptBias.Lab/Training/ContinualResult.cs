namespace OptBias.Lab.Training;

/// <summary>What came out of training through a sequence of tasks.</summary>
/// <param name="tasks">Number of tasks.</param>
public sealed class ContinualResult(int tasks)
{
    private const int LossWindow = 10;
    private readonly List<(double Step, double Loss)> losses = [];
    private double windowSum;
    private int steps;

    /// <summary>Accuracy with all ten logits.</summary>
    public AccuracyMatrix Accuracy { get; } = new(tasks);

    /// <summary>Accuracy with the logits of the task's own classes only.</summary>
    public AccuracyMatrix Masked { get; } = new(tasks);

    /// <summary>When and how the run diverged, or null.</summary>
    public string? Diverged { get; set; }

    /// <summary>Whether the run diverged.</summary>
    public bool HasDiverged => this.Diverged is not null;

    /// <summary>Number of steps taken.</summary>
    public int Steps => this.steps;

    /// <summary>Training loss, averaged over windows of ten steps: (last step of the window, mean loss).</summary>
    public IReadOnlyList<(double Step, double Loss)> Losses => this.losses;

    /// <summary>Where the time went.</summary>
    public TimeSheet Time { get; } = new();

    /// <summary>Notes the loss of a step.</summary>
    public void AddLoss(double loss)
    {
        this.steps++;
        this.windowSum += loss;
        if (this.steps % LossWindow != 0)
            return;
        this.losses.Add((this.steps, this.windowSum / LossWindow));
        this.windowSum = 0;
    }
}
