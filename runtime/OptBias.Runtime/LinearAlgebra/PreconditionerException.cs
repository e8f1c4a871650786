namespace OptBias.LinearAlgebra;

/// <summary>
/// A matrix preconditioner could not go on: its statistics are not finite, or the root of a factor failed too often in a
/// row. The state is as it was before the step.
/// </summary>
public sealed class PreconditionerException : InvalidOperationException
{
    /// <summary>Makes the exception; the message starts with the parameter and the block.</summary>
    /// <param name="parameter">Name of the parameter, alone or as optimizers give it: <c>parameter 'fc1.weight'</c>.</param>
    /// <param name="block">Which block of it: <c>[0:1024, 1024:1500]</c>.</param>
    /// <param name="problem">What went wrong, and what can be done.</param>
    /// <param name="innerException">The failure underneath, if there is one.</param>
    public PreconditionerException(string parameter, string block, string problem, Exception? innerException = null)
        : base($"{MatrixWarnings.Subject(parameter)}, block {block}: {problem}", innerException)
    {
        this.Parameter = parameter;
        this.Block = block;
    }

    /// <summary>Name of the parameter.</summary>
    public string Parameter { get; }

    /// <summary>The block, as ranges of indices of the parameter's dimensions (dimensions of size 1 dropped, merged ones as one).</summary>
    public string Block { get; }
}
