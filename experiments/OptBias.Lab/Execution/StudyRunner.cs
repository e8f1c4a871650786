using OptBias.Lab.Data;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Training;

namespace OptBias.Lab.Execution;

/// <summary>Runs the stages of a study, one after the other, or a slice of one of them.</summary>
/// <param name="study">The study.</param>
/// <param name="plan">How it was asked for.</param>
/// <param name="jobs">Trials at the same time.</param>
public sealed class StudyRunner(Study study, StudyPlan plan, int jobs)
{
    /// <summary>Does what is not done yet; when it returns, every trial of the study is in the store.</summary>
    /// <param name="data">The images or the text.</param>
    /// <param name="optimizers">Where optimizers come from.</param>
    /// <param name="store">Where runs are kept.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops; the same call goes on later.</param>
    public void Run(IStudyData data, IOptimizerSource optimizers, RunStore store, IStudyProgress progress, CancellationToken cancellation = default)
    {
        var stages = study.Stages(plan);
        foreach (var stage in stages)
            this.Run(stage.Name, stage.Trials(store.Records), stage == stages[^1], new(data, optimizers, store, progress.TrialAdvanced), progress, null, cancellation);
    }

    /// <summary>Does what is not done yet of a slice of a stage. A trial that fails does not stop the others.</summary>
    /// <param name="stage">The stage; earlier ones must be finished.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="context">What the trials share.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="failed">Told of a trial that failed.</param>
    /// <param name="cancellation">Stops; the same call goes on later.</param>
    internal void Run(Stage stage, Slice slice, TrialContext context, IStudyProgress progress, Action<Trial, TrialException> failed, CancellationToken cancellation) =>
        this.Run($"{stage.Name} {slice}", slice.Of(stage.Trials(context.Store.Records)), true, context, progress, failed, cancellation);

    private void Run(string name, IReadOnlyList<Trial> trials, bool isLast, TrialContext context, IStudyProgress progress, Action<Trial, TrialException>? failed, CancellationToken cancellation)
    {
        var store = context.Store;
        progress.StageStarted(name, trials.Count, trials.Count(t => store.Find(t.Key) is not null));
        if (isLast)
            progress.Planned(trials.Where(t => store.Find(t.Key) is null).GroupBy(t => t.Method).ToDictionary(g => g.Key, g => g.Count()));
        new TrialPool(jobs, progress, failed).Run(trials, context, cancellation);
    }
}
