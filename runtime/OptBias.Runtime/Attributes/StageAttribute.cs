namespace OptBias;

/// <summary>
/// A stage of an optimizer's declaration. Stages are read top to bottom, the way the gradient flows: each maps the update
/// signal <c>u</c> (at first the gradient <c>g</c> of the current coordinates) to a new <c>u</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class StageAttribute : Attribute
{
    /// <summary>The stages of the language are these and no others: the generator would pass over one of another assembly.</summary>
    private protected StageAttribute()
    {
    }

    /// <summary>
    /// Tells two stages of one kind apart. It is put before the names of the stage's hyperparameters and state:
    /// <c>[Momentum(0.9, Name = "Slow")]</c> has <c>slow_beta1</c>. Null (the default) leaves the names as they are.
    /// </summary>
    public string? Name { get; set; }
}
