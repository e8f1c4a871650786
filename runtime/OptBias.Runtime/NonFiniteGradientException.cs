namespace OptBias;

/// <summary>A gradient has elements that are NaN or infinite, and the step was refused. Nothing has changed.</summary>
/// <remarks>A stage with Kronecker factors reports the same as a <see cref="LinearAlgebra.PreconditionerException"/>, which has this one as its inner exception.</remarks>
public sealed class NonFiniteGradientException : InvalidOperationException
{
    /// <summary>Makes the exception and its message.</summary>
    /// <param name="optimizer">Name of the optimizer.</param>
    /// <param name="parameter">What messages call the parameter: <c>parameter 'fc1.weight'</c>.</param>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="count">How many elements of the gradient are not finite, at least 1.</param>
    /// <param name="firstIndex">The index of the first of them, a number for each dimension.</param>
    public NonFiniteGradientException(string optimizer, string parameter, IReadOnlyList<long> shape, long count, IReadOnlyList<long> firstIndex)
        : base(MessageOf(optimizer, parameter, shape, count, firstIndex))
    {
        this.Parameter = parameter;
        this.Shape = shape;
        this.Count = count;
        this.FirstIndex = firstIndex;
    }

    /// <summary>What messages call the parameter.</summary>
    public string Parameter { get; }

    /// <summary>The parameter's shape.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How many elements of the gradient are NaN or infinite.</summary>
    public long Count { get; }

    /// <summary>The index of the first of them in row-major order, a number for each dimension; empty for a scalar.</summary>
    public IReadOnlyList<long> FirstIndex { get; }

    /// <summary>How many, of how many, and where, as the end of a sentence.</summary>
    internal string Finding => FindingOf(this.Shape, this.Count, this.FirstIndex);

    private static string MessageOf(string optimizer, string parameter, IReadOnlyList<long> shape, long count, IReadOnlyList<long> firstIndex)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(firstIndex);
        return $"{optimizer}: the gradient of {parameter}, of shape [{string.Join(", ", shape)}], has {FindingOf(shape, count, firstIndex)}. The step was refused, and nothing has changed. "
            + $"{nameof(DeclaredOptimizer.OnNonFinite)} = {nameof(NonFiniteAction.SkipStep)} skips such steps, {nameof(NonFiniteAction.Propagate)} takes them.";
    }

    private static string FindingOf(IReadOnlyList<long> shape, long count, IReadOnlyList<long> firstIndex)
    {
        var elements = shape.Aggregate(1L, static (product, size) => product * size);
        return $"{count} of {elements} elements that {(count == 1 ? "is" : "are")} NaN or infinite, the first at [{string.Join(", ", firstIndex)}]";
    }
}
