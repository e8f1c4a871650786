namespace OptBias;

/// <summary>
/// A sum over elements that per-element methods and <c>[PerStep]</c> methods ask for by the method's name in camel case: an inner product, a
/// squared norm, a count. The method is static, on the optimizer's class, in the C# of <see cref="ElementwiseAttribute"/>; what it returns for
/// one element is added up.
/// </summary>
/// <remarks>
/// Its parameters are bound as those of the method that asks: <c>update</c>, <c>gradient</c>, <c>parameter</c>, <c>rows</c>, <c>columns</c>,
/// <c>elements</c>, <c>[Hyper]</c>, <c>[PerStep]</c> and other sums; and state of the method that asks, without <c>ref</c>: its value before the
/// step. Norms and means are what one makes of sums: <c>Math.Sqrt(total / elements)</c>. Whatever needs the sum waits for it, so that a rule
/// with a sum reads memory twice.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SumAttribute : Attribute
{
    /// <summary>Over what is summed: <see cref="SumOver.Tensor"/> by default.</summary>
    public SumOver Over { get; set; }
}
