namespace OptBias;

/// <summary>
/// A stage of the user's own: a static method on the class, in plain C#, that maps the update of one element to a new one.
/// The generator translates it for every target and fuses it with its neighbours; the method itself stays what it is, and so
/// can be called, debugged and used as the oracle of its translation.
/// </summary>
/// <param name="method">The method's name, best as <c>nameof(Method)</c>.</param>
/// <remarks>
/// Parameters are bound by name: <c>update</c> (u as it enters the stage), <c>gradient</c> (g) and <c>parameter</c> (θ of the
/// current coordinates) are the signals; <c>ref float x</c> is state of that name, one value for each element, zero at the
/// start; <c>[Hyper(0.9)] float gamma</c> is a hyperparameter; <c>rows</c>, <c>columns</c> and <c>elements</c> are the parameter's shape; any
/// other <c>float</c> names a <c>[PerStep]</c> or <c>[Sum]</c> method. What the method returns is the new update. Its <c>float</c> (or <c>double</c>, which means the same) stands for the type of the
/// arithmetic: on a float64 parameter all of it is float64, and a literal is the decimal that was written.
/// </remarks>
public sealed class ElementwiseAttribute(string method) : StageAttribute
{
    /// <summary>The method's name.</summary>
    public string Method { get; } = method;
}
