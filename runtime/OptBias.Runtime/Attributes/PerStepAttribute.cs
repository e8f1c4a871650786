namespace OptBias;

/// <summary>
/// A number that is the same for all elements and that per-element methods ask for by the method's name in camel case: a
/// schedule, a bias correction, a rectification. The method is static, on the optimizer's class, and returns <c>double</c>;
/// it takes <c>long step</c> (from 1) and hyperparameters of the optimizer by name (<c>lr</c>, <c>beta2</c>,
/// <c>weight_decay</c> or <c>weightDecay</c>), <c>rows</c>, <c>columns</c> and <c>elements</c> of the parameter, and <c>[Sum]</c> methods by name, all
/// as <c>double</c>. A <c>ref double</c> is a number that a step hands to the next, one for each parameter and zero at first; other methods read
/// it by its name. It may be any C#.
/// </summary>
/// <remarks>
/// It runs on the host, once for each group and pass of a step, or for each parameter if it asks for the shape or the sum of one, so its
/// result must depend on its arguments alone.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PerStepAttribute : Attribute;
