namespace OptBias.LinearAlgebra;

/// <summary>What the matrix stages have to say without stopping: a root that could not be refreshed and was kept.</summary>
public static class MatrixWarnings
{
    /// <summary>Who hears a warning. Null, the default, writes it to the standard error stream. Called on the thread that steps the optimizer.</summary>
    public static Action<string>? Handler { get; set; }

    /// <summary>
    /// How a sentence about a parameter begins. Optimizers say what a parameter is called, <c>parameter 'fc1.weight'</c> or
    /// <c>parameter 3 of group 0</c>; a name alone is put in quotes.
    /// </summary>
    internal static string Subject(string parameter) => parameter.StartsWith("parameter ", StringComparison.Ordinal)
        ? string.Concat("P", parameter.AsSpan(1))
        : $"Parameter '{parameter}'";

    internal static void Raise(string message)
    {
        if (Handler is { } handler)
            handler(message);
        else
            Console.Error.WriteLine($"warning: {message}");
    }
}
