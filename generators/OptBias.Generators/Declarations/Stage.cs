using OptBias.Generators.Diagnostics;
using OptBias.Generators.Lowering;

namespace OptBias.Generators.Declarations;

/// <summary>
/// One attribute, read. Each kind is a record in <c>Declarations/Stages</c>, which reads and checks itself, with its
/// lowering beside it in <c>Lowering/Stages</c>; <see cref="StageCatalogue"/> lists them.
/// </summary>
internal abstract record Stage
{
    /// <summary>The attribute's name without suffix, for messages: <c>Momentum</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What the user calls it, to tell two stages of one kind apart.</summary>
    public string? Name { get; init; }

    /// <summary>The hyperparameters that it brings, under their plain names (<see cref="Name"/> not yet put before them).</summary>
    public virtual IEnumerable<HyperparameterDeclaration> Hyperparameters => [];

    /// <summary>Whether it opens a scope that reaches to the end of the declaration.</summary>
    public virtual bool IsCoordinateChange => false;

    /// <summary>Whether that coordinate change is nonlinear, and so must come first of all.</summary>
    public virtual bool MustComeFirst => false;

    /// <summary>Whether it gives the update a direction of its own, which a <see cref="GraftStage"/> below can rescale.</summary>
    public virtual bool IsPreconditioner => false;

    /// <summary>
    /// Whether it does the same in coordinates that are turned: it reads norms, or adds the parameter itself. Such stages at the
    /// end of a declaration act after the way back, which spares turning the parameter.
    /// </summary>
    public virtual bool CommutesWithRotations => false;

    /// <summary>Whether the signal is still the gradient below it if it was above: it changes both, or neither.</summary>
    public virtual bool ActsOnGradient => this.ClipsGradient;

    /// <summary>Whether it clips the gradient itself where no stage above has made an update of it, so that what stands below sees it clipped.</summary>
    public virtual bool ClipsGradient => false;

    /// <summary>Whether it keeps a direction from step to step, as a momentum does: in coordinates that turn, it would go stale.</summary>
    public virtual bool KeepsDirection => false;

    /// <summary>Whether it multiplies the whole signal of a tensor by a positive number, and nothing else.</summary>
    public virtual bool OnlyScales => false;

    /// <summary>Whether a signal of any length gives the same result.</summary>
    public virtual bool ForgetsLength => false;

    /// <summary>What tells its quantities from those of other stages with the same symbol.</summary>
    public virtual string Label => this.Name ?? this.Kind;

    /// <summary>Reads what the attribute names in the class; a stage that names nothing is itself.</summary>
    public virtual Stage Bind(ClassScope scope) => this;

    /// <summary>A hyperparameter's name with the stage's own name before it.</summary>
    public string Qualify(string name) => this.Name is null ? name : Naming.ToSnakeCase(this.Name) + "_" + name;

    /// <summary>Reports what is wrong with this stage alone, beyond the ranges of its hyperparameters.</summary>
    public virtual void Check(StageDiagnostics diagnostics)
    {
    }

    /// <summary>Reports what is wrong with this stage among the others.</summary>
    public virtual void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
    }

    /// <summary>Changes the gradient of the coordinates in which it stands, before any stage there acts on the signal.</summary>
    public virtual void LowerGradient(LoweringContext context)
    {
    }

    /// <summary>Maps the update signal to a new one.</summary>
    public abstract void Lower(LoweringContext context);
}
