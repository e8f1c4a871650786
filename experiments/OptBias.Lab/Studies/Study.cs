using OptBias.Lab.Models;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>A question, the trials that answer it, and how their numbers become a report. Plain C#: copy one to make your own.</summary>
public abstract class Study
{
    /// <summary>Name on the command line and of the output folder: <c>class-incremental</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it asks, in a line, for <c>optbias list</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>The presets, "quick" first.</summary>
    public abstract IReadOnlyList<Preset> Presets { get; }

    /// <summary>Names of the methods that are compared unless the command line names others.</summary>
    /// <param name="preset">The preset.</param>
    public abstract IReadOnlyList<string> DefaultMethods(Preset preset);

    /// <summary>The network unless the command line names another.</summary>
    public virtual ModelSpecification DefaultModel => ModelSpecification.Of(ModelKind.Mlp);

    /// <summary>The method of a name: what the study declares for it, else the optimizer of that name as it is.</summary>
    /// <param name="name">Name from the command line.</param>
    /// <param name="optimizers">Where optimizers come from.</param>
    /// <exception cref="ArgumentException">Unknown; the message names the nearest known one.</exception>
    public virtual Method Method(string name, IOptimizerSource optimizers) => Methods.Find(name, optimizers);

    /// <summary>Whether networks read text; else they see images.</summary>
    public virtual bool IsOfText => false;

    /// <summary>The data of a directory, or the embedded ones.</summary>
    /// <param name="directory">The directory; null or empty for the embedded data.</param>
    /// <exception cref="Data.DataException">The directory or a file in it is missing or wrong.</exception>
    public virtual Data.IStudyData Load(string? directory) => Data.ImageData.Load(directory);

    /// <summary>Whatever else defines the grid, for the manifest.</summary>
    /// <param name="plan">The plan.</param>
    public virtual IEnumerable<KeyValuePair<string, string>> Grid(StudyPlan plan) => [];

    /// <summary>The stages, in order. What a stage runs may depend on the results of earlier ones.</summary>
    /// <param name="plan">The plan.</param>
    public abstract IReadOnlyList<Stage> Stages(StudyPlan plan);

    /// <summary>How many trials each method will have, over all stages, as far as is known before any has run.</summary>
    /// <param name="plan">The plan.</param>
    public abstract IEnumerable<(string Method, int Count)> Expected(StudyPlan plan);

    /// <summary>The runs that <c>optbias select</c> may choose from: those of a single setting; null where a study has none.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    public virtual RunSelection? Choices(StudyPlan plan, IReadOnlyList<RunRecord> runs) => null;

    /// <summary>The effects of which the position paper expects something, in each setting of the study; most studies have none.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    public virtual IReadOnlyList<Effect> Effects(StudyPlan plan, IReadOnlyList<RunRecord> runs) => [];

    /// <summary>Makes the report of finished runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    /// <param name="settings">Where the numbers come from.</param>
    public abstract StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings);
}

/// <summary>A part of a study whose trials do not depend on each other.</summary>
/// <param name="Name">What happens: "tuning".</param>
/// <param name="Trials">The trials, given the finished runs of earlier stages.</param>
public sealed record Stage(string Name, Func<IReadOnlyList<RunRecord>, IReadOnlyList<Trial>> Trials);
