using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Reports.Findings;

/// <summary>The results of one study that findings are drawn from.</summary>
/// <param name="Study">The study.</param>
/// <param name="Plan">What was asked of it.</param>
/// <param name="Runs">Every finished run.</param>
/// <param name="Data">Description of the data.</param>
/// <param name="Command">The command that makes the runs.</param>
public sealed record FindingsSource(Study Study, StudyPlan Plan, IReadOnlyList<RunRecord> Runs, string Data, string Command)
{
    /// <summary>Seconds that the runs took, one by one.</summary>
    public double Seconds => this.Runs.Sum(run => run.WallSeconds);

    /// <summary>Whether the data were drawn by the program.</summary>
    public bool IsEmbedded => this.Data.StartsWith("embedded", StringComparison.Ordinal);

    /// <summary>The effects that the paper expects something of. What was planned, was planned of real digits and as many seeds as the preset has.</summary>
    public IReadOnlyList<Effect> Effects() =>
        [.. this.Study.Effects(this.Plan, this.Runs).Select(effect => effect with { IsPlanned = effect.IsPlanned && !this.IsEmbedded && this.Plan.Preset.Name != "quick" })];
}
