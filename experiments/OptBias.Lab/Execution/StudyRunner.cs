using OptBias.Lab.Data;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Execution;

/// <summary>Runs the stages of a study, one after the other.</summary>
/// <param name="study">The study.</param>
/// <param name="plan">How it was asked for.</param>
/// <param name="jobs">Trials at the same time.</param>
public sealed class StudyRunner(Study study, StudyPlan plan, int jobs)
{
    /// <summary>Does what is not done yet; when it returns, every trial of the study is in the store.</summary>
    /// <param name="data">The digits or the text.</param>
    /// <param name="optimizers">Where optimizers come from.</param>
    /// <param name="store">Where runs are kept.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops; the same call goes on later.</param>
    public void Run(IStudyData data, IOptimizerSource optimizers, RunStore store, IStudyProgress progress, CancellationToken cancellation = default)
    {
        var context = new TrialContext(data, optimizers, store, progress.TrialAdvanced);
        var pool = new TrialPool(jobs, progress);
        var stages = study.Stages(plan);
        foreach (var stage in stages)
        {
            var trials = stage.Trials(store.Records);
            progress.StageStarted(stage.Name, trials.Count, trials.Count(t => store.Find(t.Key) is not null));
            if (stage == stages[^1])
                progress.Planned(trials.Where(t => store.Find(t.Key) is null).GroupBy(t => t.Method).ToDictionary(g => g.Key, g => g.Count()));
            pool.Run(trials, context, cancellation);
        }
    }
}
