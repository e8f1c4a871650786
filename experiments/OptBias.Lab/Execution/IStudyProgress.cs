using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Execution;

/// <summary>Watches a study run. All members are called from several threads.</summary>
public interface IStudyProgress
{
    /// <summary>A stage begins.</summary>
    /// <param name="name">"tuning".</param>
    /// <param name="trials">Trials of the stage.</param>
    /// <param name="finished">How many of them an earlier process finished.</param>
    void StageStarted(string name, int trials, int finished);

    /// <summary>What is left to do is known, since the last stage begins.</summary>
    /// <param name="left">Trials left by method.</param>
    void Planned(IReadOnlyDictionary<string, int> left);

    /// <summary>A trial begins.</summary>
    void TrialStarted(Trial trial);

    /// <summary>A trial has come this far.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="where">"task 2/5".</param>
    /// <param name="accuracy">Accuracy at that point, in [0, 1].</param>
    void TrialAdvanced(Trial trial, string where, double accuracy);

    /// <summary>A trial is finished and stored.</summary>
    void TrialFinished(Trial trial, RunRecord record);
}
