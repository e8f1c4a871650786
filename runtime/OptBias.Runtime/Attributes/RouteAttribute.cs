namespace OptBias;

/// <summary>
/// Sends parameters to the rule of another declared optimizer: a class that has routes is one optimizer, with one state dict,
/// whose parameters follow different rules by their shape and name. Each parameter takes the first route, top to bottom, that takes it.
/// </summary>
/// <param name="optimizer">A class with <see cref="OptimizerAttribute"/>.</param>
/// <remarks>
/// The hyperparameters of the first route keep their names; those of a later one get its name, in lower case, in front:
/// <c>adamw_lr</c>. A learning-rate schedule turns <c>lr</c>, and with it all routes in proportion. A norm over all parameters
/// (<see cref="ClipScope.Global"/>) is one over all parameters of its route.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RouteAttribute(Type optimizer) : Attribute
{
    /// <summary>The optimizer whose rule is followed.</summary>
    public Type Optimizer { get; } = optimizer;

    /// <summary>Which parameters. <see cref="ParameterShape.Any"/> unless set.</summary>
    public ParameterShape When { get; set; }

    /// <summary>
    /// Names of parameters, with <c>*</c> for any characters and <c>?</c> for one, separated by commas: <c>"*embed*, head.weight"</c>. The route
    /// takes only parameters whose whole name is one of them, and whose shape <see cref="When"/> takes. Not set: all names. A composite with
    /// names needs parameters with names: <c>new(model.named_parameters())</c>.
    /// </summary>
    public string? Names { get; set; }

    /// <summary>The name in front of its hyperparameters, instead of the class's own. It is not used for the first route.</summary>
    public string? Name { get; set; }
}
