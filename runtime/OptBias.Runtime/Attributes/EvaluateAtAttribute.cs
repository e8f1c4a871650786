namespace OptBias;

/// <summary>
/// Says where one evaluates, for rules whose parameter is not the answer: Schedule-Free's average, an average of the weights. It names a
/// static method on the class, in the C# of <see cref="ElementwiseAttribute"/>, that computes one element of that point from what the
/// last step has left. A step does not change by it: u is the same below it as above.
/// </summary>
/// <param name="method">The method's name, best as <c>nameof(Method)</c>.</param>
/// <remarks>
/// <see cref="DeclaredOptimizer.AtEvaluationPoint"/> puts the parameters there, and back. The method's parameters are bound by name:
/// <c>parameter</c> is θ of the current coordinates; a plain <c>float x</c> is the state <c>ref float x</c> of an <c>[Elementwise]</c> method
/// above; <c>[Hyper]</c>, <c>[PerStep]</c> numbers (of the last step), <c>rows</c>, <c>columns</c> and <c>elements</c> are what they are there. There is
/// neither update nor gradient nor sum between steps. What it returns is the parameter in the current coordinates, which are carried back
/// as after a step; below <c>[KroneckerBasis]</c> there is no such point.
/// </remarks>
public sealed class EvaluateAtAttribute(string method) : StageAttribute
{
    /// <summary>The method's name.</summary>
    public string Method { get; } = method;
}
