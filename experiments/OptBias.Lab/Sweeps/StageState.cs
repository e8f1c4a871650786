using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Sweeps;

/// <summary>How far a stage of a study is, from the finished runs alone.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Trials">Its trials by key, in their order; null where they depend on runs that are missing.</param>
/// <param name="Missing">Those that are not finished.</param>
internal sealed record StageState(Stage Stage, IReadOnlyDictionary<string, Trial>? Trials, IReadOnlyList<Trial> Missing)
{
    /// <summary>Whether all of it is known and finished.</summary>
    public bool IsDone => this.Trials is not null && this.Missing.Count == 0;

    /// <summary>The stages of a study, in order.</summary>
    public static IReadOnlyList<StageState> Of(Study study, StudyPlan plan, RunStore store)
    {
        var states = new List<StageState>();
        var records = store.Records;
        foreach (var stage in study.Stages(plan))
        {
            if (states.All(s => s.IsDone))
            {
                var trials = new OrderedDictionary<string, Trial>(StringComparer.Ordinal);
                foreach (var trial in stage.Trials(records))
                    trials[trial.Key] = trial;
                states.Add(new(stage, trials, [.. trials.Where(t => store.Find(t.Key) is null).Select(t => t.Value)]));
            }
            else
            {
                states.Add(new(stage, null, []));
            }
        }

        return states;
    }

    /// <summary>The stages of a study of which nothing has run.</summary>
    public static IReadOnlyList<StageState> OfNothing(Study study, StudyPlan plan)
    {
        var stages = study.Stages(plan);
        var first = stages[0].Trials([]);
        return [new(stages[0], first.ToDictionary(t => t.Key, StringComparer.Ordinal), first), .. stages.Skip(1).Select(s => new StageState(s, null, []))];
    }

    /// <summary>How many runs the stages have whose trials are not known yet, about.</summary>
    public static int ExpectedLater(Study study, StudyPlan plan, IReadOnlyList<StageState> states) =>
        Math.Max(0, study.Expected(plan).Sum(e => e.Count) - states.Sum(s => s.Trials?.Count ?? 0));
}
